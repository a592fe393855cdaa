#!/usr/bin/env python3
"""Backups of a Central Server that runs: what was is back after a restore, published and signed by the old keys;
also in an empty directory, from PostgreSQL, and when it was killed in the middle. What is no backup of it
changes nothing."""
import io
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
from central_server import PIN, CentralServer  # noqa: E402
from central_server_test import INTERNAL, certificates, has_members  # noqa: E402
from checks import check, wait_until  # noqa: E402
from postgres import Postgres  # noqa: E402


def publishes(server, certificate, scratch, text=b"<memberCode>2</memberCode>", absent=b"<memberCode>9</memberCode>"):
    def good():
        directory = server.directory_of(6)
        if not directory or directory.left() <= 0 or not directory.signed_by(certificate, scratch):
            return False
        part = server.get(directory.parts[0][0]["content-location"]) or b""
        return text in part and absent not in part
    wait_until(good, "the configuration of the backup is published, signed by its key", instead=server.log)


def begin(server, scratch):
    server.initialize()
    server.login()
    server.add_key(INTERNAL)
    has_members(server)
    certificate = certificates(server, INTERNAL, scratch)[0]
    kept = scratch / (server.directory.name + ".pem")
    shutil.copy(certificate, kept)
    publishes(server, kept, scratch)
    return kept


def change(server):
    """Everything that the backup has otherwise."""
    server.add_member("GOV", "9")
    old = server.do("GET", "/tokens")[0]["configuration_signing_keys"][0]
    new = server.add_key(INTERNAL, "another")
    server.do("PUT", f"/signing-keys/{new['id']}/activate")
    server.do("DELETE", f"/signing-keys/{old['id']}")
    (server.directory / "conf.d" / "override-late.ini").write_text("[admin-service]\nallowed-hostnames = nobody\n")


def restored(server, processes):
    wait_until(lambda: server.pids().get("ready") and server.pids()["center"] != processes["center"]
               and server.pids()["signer"] != processes["signer"]
               and not (server.directory / "restore").exists(), "the processes start anew", instead=server.log)
    wait_until(lambda: server.ask("GET", "/tokens")[0] == 200, "the signer answers")


def backs_up_and_restores(server, scratch):
    certificate = begin(server, scratch)
    name = server.do("POST", "/backups")["filename"]
    check(re.fullmatch(r"conf_backup_\d{8}-\d{6}\.gpg", name), f"a backup is made: {name}")
    check(server.do("GET", "/backups") == [{"filename": name}], "it is listed")
    check(subprocess.run(["gpg", "--homedir", server.directory / "gpghome", "--batch", "--output", scratch / "plain.tar",
                          "--decrypt", server.directory / "backup" / name], capture_output=True).returncode == 0,
          "gpg knows who has signed it")
    with tarfile.open(scratch / "plain.tar") as tar:
        names = tar.getnames()
    check({"label", "registry.dump", "conf.d/local.ini", "signer/keyconf.xml"} <= set(names)
          and not any("gpghome" in one or "run" in one.split("/") for one in names), f"tar knows what it has: {names}")
    change(server)
    before = server.pids()
    check(server.do("PUT", f"/backups/{name}/restore") == {"hsm_tokens_logged_out": False}, "it is restored")
    restored(server, before)
    check(not (server.directory / "conf.d" / "override-late.ini").exists(), "settings are those of the backup")
    check(not server.do("GET", "/tokens")[0]["logged_in"], "the PIN is to be entered again")
    server.login()
    publishes(server, certificate, scratch)
    check(server.code("GET", "/members/EX:GOV:9") == (404, "member_not_found"), "what came later is gone")
    check((server.directory / "conf_prerestore_backup.tar").exists(), "but kept")
    return name, certificate


def is_killed(server, name, certificate, scratch):
    """The supervisor is killed as soon as it is decided: the next start finishes."""
    change(server)
    processes = server.pids()
    os.kill(processes["supervisor"], signal.SIGSTOP)
    server.do("PUT", f"/backups/{name}/restore")
    check((server.directory / "restore").exists(), "a restore is decided")
    server.process.kill()
    server.process.wait()
    for child in "center", "signer":
        wait_until(lambda: not pathlib.Path(f"/proc/{processes[child]}/exe").exists(), f"{child} has ended")
    server.start()
    check(not (server.directory / "restore").exists(), "it is finished at the next start")
    server.login()
    publishes(server, certificate, scratch)


def tar_of(*files):
    octets = io.BytesIO()
    with tarfile.open(fileobj=octets, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content, kind in files:
            info = tarfile.TarInfo(name)
            info.size, info.type = (len(content), kind) if kind == tarfile.REGTYPE else (0, kind)
            info.linkname = "" if kind == tarfile.REGTYPE else content.decode()
            tar.addfile(info, io.BytesIO(content))
    return octets.getvalue()


def refuses_hostile_ones(server, name, scratch):
    file, link = tarfile.REGTYPE, tarfile.SYMTYPE
    label = ("label", b"central_CAUSEWAY_1_EX", file)
    with tarfile.open(scratch / "plain.tar") as tar:
        dump = ("registry.dump", tar.extractfile("registry.dump").read(), file)
    hostile = {"a link": tar_of(label, ("conf.d/local.ini", b"/etc/passwd", link), dump),
               "a way out": tar_of(label, ("conf.d/../../evil", b"x", file), dump),
               "an absolute path": tar_of(label, ("/tmp/evil", b"x", file), dump),
               "another instance": tar_of(("label", b"central_CAUSEWAY_1_FI", file), dump),
               "a Security Server": tar_of(("label", b"security_CAUSEWAY_1_EX", file), dump),
               "no registry": tar_of(label), "no tar": b"x" * 2000,
               "a registry that breaks off": tar_of(label, (dump[0], dump[1][:-20], file)),
               "bad settings": tar_of(label, ("conf.d/local.ini", b"[admin-service]\ninternal-key-algorithm = DSA\n", file), dump)}
    before, state = server.pids(), (server.directory / "conf.d" / "local.ini").read_text()
    for what, octets in hostile.items():
        done = subprocess.run(["gpg", "--homedir", server.directory / "gpghome", "--batch", "--yes", "--sign", "--output",
                               server.directory / "backup" / "hostile.gpg"], input=octets, capture_output=True)
        check(done.returncode == 0, f"{what} is signed")
        check(server.code("PUT", "/backups/hostile.gpg/restore") == (500, "restore_process_failed"), f"{what} is refused")
        check(not (server.directory / "restore").exists() and not (server.directory / "restore.prepared").exists(),
              "and leaves nothing behind")
    content = (server.directory / "backup" / name).read_bytes()
    (server.directory / "backup" / "half.gpg").write_bytes(content[:len(content) // 2])
    check(server.code("PUT", "/backups/half.gpg/restore") == (500, "restore_process_failed"), "so is one that breaks off")
    check(server.pids() == before and (server.directory / "conf.d" / "local.ini").read_text() == state,
          "nothing has changed")
    server.statuses = [seen for seen in server.statuses if not seen[2].endswith("/restore")]


def begins_in_an_empty_directory(causeway, server, certificate, scratch, how):
    """By the command, where nothing is but the file; the server it was made of has stopped."""
    code, _ = server.say("backup", "--file", str(scratch / f"{how}.gpg"))
    check(code == 0, f"the command makes a backup {server.error}")
    server.say("restore", "--file", str(scratch / f"{how}.gpg"))
    check("another Central Server runs" in server.error, "nothing is restored under a server that runs")
    server.stop()
    there = scratch / f"there-{how}"
    there.mkdir()
    moved = server.directory
    server.directory = there
    check(server.say("restore", "--file", str(scratch / f"{how}.gpg"))[0] == 1 and "invalid_signature" in server.error,
          "who has signed it is not known there")
    code, _ = server.say("restore", "--file", str(scratch / f"{how}.gpg"), "--skip-signature-check")
    check(code == 0, f"an empty directory becomes the server {server.error}")
    shutil.rmtree(moved / "public")
    server.start()
    server.login()
    publishes(server, certificate, scratch)


def from_postgres(causeway, scratch):
    postgres = Postgres(scratch / "postgres")
    try:
        postgres.new_database("registry")
        settings = f"[center]\ndatabase = postgresql:///registry?host={postgres.directory}&user=causeway\n"
        with CentralServer(causeway, scratch / "pg", settings) as server:
            certificate = begin(server, scratch)
            name = server.do("POST", "/backups")["filename"]
            change(server)
            before = server.pids()
            server.do("PUT", f"/backups/{name}/restore")
            restored(server, before)
            server.login()
            publishes(server, certificate, scratch)
            # The same backup into SQLite, with settings of its own.
            server.stop()
            postgres.kill()
            there = scratch / "sqlite"
            (there / "conf.d").mkdir(parents=True)
            text = (server.directory / "conf.d" / "local.ini").read_text()
            (there / "conf.d" / "local.ini").write_text(re.sub("database = .*", "database = central-server.db", text))
            file = server.directory / "backup" / name
            server.directory = there
            code, _ = server.say("restore", "--file", str(file), "--skip-signature-check", "--keep-settings")
            check(code == 0, f"what PostgreSQL had is restored into SQLite {server.error}")
            server.start()
            server.login()
            publishes(server, certificate, scratch)
            check((there / "central-server.db").exists(), "which is its database")
    finally:
        if postgres.process.poll() is None:
            postgres.kill()


def main(causeway):
    with tempfile.TemporaryDirectory(prefix="causeway-backup-") as scratch:
        scratch = pathlib.Path(scratch)
        scratch.chmod(0o711)  # PostgreSQL does not run as root
        with CentralServer(causeway, scratch / "cs") as server:
            name, certificate = backs_up_and_restores(server, scratch)
            is_killed(server, name, certificate, scratch)
            refuses_hostile_ones(server, name, scratch)
            begins_in_an_empty_directory(causeway, server, certificate, scratch, "empty")
            failures = [seen for seen in server.statuses if seen[0] >= 500]
            check(not failures, f"no other answer was a 5xx {failures}")
        from_postgres(causeway, scratch)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
