#!/usr/bin/env python3
"""A message log that is archived while it is used: every record is in one archive, whatever is
killed meanwhile, archives follow each other and prove what they hold, and what was changed
in them is found. Verified by `causeway verify`, decrypted by gpg itself."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
import ecosystem  # noqa: E402
from checks import check, wait_until  # noqa: E402
from security_server import SecurityServer  # noqa: E402

DIGITS = "0123456789abcdefghijklmnopqrstuv"


def run(*arguments, **options):
    return subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True, timeout=300,
                          **options)


class Server(SecurityServer):
    """One Security Server and its archives."""

    def __init__(self, causeway, description, scratch):
        super().__init__(causeway, description)
        self.archives = scratch / "archives"
        self.instance = self.id.split("/")[0]

    def configure(self, **parameters):
        # A disk of a test machine need not have room for two of the usual size.
        super().configure(**{"archive_path": self.archives, "archive_max_filesize": 1 << 20, **parameters})

    def kill_admin(self):
        """The one that ran."""
        victim = self.process("admin")
        if victim is not None:
            os.kill(victim, signal.SIGKILL)
        return victim

    def restart_admin(self):
        """With the parameters as they are now."""
        victim = self.kill_admin()
        wait_until(lambda: self.process("admin") not in (None, victim), "the administration is started again")

    def waits_for_archive(self):
        """Whether records have no archive yet, by what the administration says."""
        status, _ = self.status("messagelog", "archive-status")
        return status["archiving"]["archived_until"] < self.records()[-1]["id"]

    def archive(self, code=0):
        done = self.ctl("messagelog", "archive")
        check(done.returncode == code, f"causeway ctl messagelog archive ends with {code}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout) if done.stdout else done.stderr

    def files(self):
        return sorted(self.archives.glob("mlog-*"))

    def verify(self, *arguments):
        done = run(self.causeway, "verify", "--conf", self.directory / "globalconf", "--json", *arguments)
        return done.returncode, json.loads(done.stdout)


class Archive:
    def __init__(self, file):
        self.file = file
        with zipfile.ZipFile(file) as archive:
            head, *lines = archive.read("linkinginfo").decode().splitlines()
            self.previous, self.previous_file, algorithm = head.split(" ")
            # As X-Road's verifier computes it, from what is in the archive.
            link = self.previous.strip("-")
            expected = []
            for name in archive.namelist()[:-1]:
                link = hashlib.sha512((link + hashlib.sha512(archive.read(name)).hexdigest()).encode()).hexdigest()
                expected.append(f"{link} {name}")
            if (algorithm, archive.namelist()[-1], lines) != ("SHA-512", "linkinginfo", expected):
                sys.exit(f"FAILED: {file.name} is not linked as X-Road links: {head} {lines}")
        self.containers = [line.split(" ")[1] for line in lines]
        self.last = link


def in_order(files):
    """Chains of archives, each from its first on."""
    archives = [Archive(file) for file in files]
    by_previous = {archive.previous: archive for archive in archives if archive.previous != "-"}
    chains = []
    for first in (archive for archive in archives if archive.previous == "-"):
        chains.append([first])
        while chains[-1][-1].last in by_previous:
            chains[-1].append(by_previous.pop(chains[-1][-1].last))
    check(not by_previous, "every archive follows another")
    return chains


def expect_good(server, files, what):
    chains = in_order(files)
    for chain in chains:
        code, report = server.verify("--first", *(archive.file for archive in chain))
        check(code == 0 and report["good"], f"{what}: {len(chain)} archives in a row are good\n" +
              ("" if code == 0 else json.dumps(report)[:3000]))
        check(all(follower.previous_file in (archive.file.name, archive.file.name + ".gpg")
                  for archive, follower in zip(chain, chain[1:])), "and each names the one before it")
    return chains


def container_of(record):
    number, digits = record["id"], ""
    while number or not digits:
        digits, number = DIGITS[number % 32] + digits, number // 32
    return f"{record['query_id']}-{record['message']}-{digits}.asice"


def expect_each_once(server, files, what):
    held = [name for file in files for name in Archive(file).containers]
    wanted = [container_of(record) for record in server.records()]
    check(sorted(held) == sorted(wanted), f"{what}: each of {len(wanted)} records is in one archive" +
          ("" if sorted(held) == sorted(wanted) else f"\nheld {sorted(held)}\nwanted {sorted(wanted)}"))


def exchange(samples, times=1):
    for _ in range(times):
        for sample in samples:
            status = subprocess.run(f"{sample['curl']} -s -o /dev/null -w '%{{http_code}}'", shell=True,
                                    capture_output=True, text=True, timeout=60).stdout
            if status.strip()[-3:] != "200":
                sys.exit(f"FAILED: {sample['name']}: {status}")


def rotates(server, samples):
    server.configure(archive_transaction_batch=6, archive_max_filesize=1 << 20)
    exchange(samples)
    server.stamp_all()
    made = server.archive()
    check(made["archives"] > 2, f"one ends after six records: {made}")
    expect_good(server, server.files(), "by number")
    before = len(server.files())
    server.configure(archive_max_filesize=20000)
    exchange(samples)
    server.stamp_all()
    server.archive()
    check(len(server.files()) > before + 1, f"one ends when it is large: {len(server.files()) - before} archives")
    chains = expect_good(server, server.files(), "by size")
    check(len(chains) == 1, "all of them in one chain")
    expect_each_once(server, server.files(), "one chain")
    check(server.archive()["archives"] == 0, "nothing is archived twice")


def finds_changes(server, scratch):
    chain = in_order(server.files())[0]
    changed = scratch / chain[1].file.name
    with zipfile.ZipFile(chain[1].file) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for number, entry in enumerate(source.infolist()):
            octets = bytearray(source.read(entry))
            if number == 1:
                octets[len(octets) // 2] ^= 1
            target.writestr(entry, bytes(octets))
    code, report = server.verify("--first", chain[0].file, changed)
    first, second = report["files"]
    check(code == 1 and first["good"] and not second["good"], "a changed octet is found")
    linking = {verdict["name"]: verdict for verdict in second["checks"]}["linking"]
    check(linking["state"] == "failed" and linking["code"] == "mlog.invalid_archive_link" and
          chain[1].containers[1] in linking["text"], f"by its name: {linking}")
    code, report = server.verify("--first", chain[0].file, chain[2].file)
    verdicts = {verdict["name"]: verdict for verdict in report["files"][1]["checks"]}
    check(code == 1 and verdicts["previous_link"]["state"] == "failed", f"a missing archive: {verdicts['previous_link']}")


def groups(server, samples):
    before, logged = set(server.files()), len(server.records())
    server.configure(archive_grouping="subsystem")
    exchange(samples)
    server.stamp_all()
    server.archive()
    own = [file for file in server.files() if file not in before]
    owners = {record["owner"].replace("/", "_") for record in server.records()[logged:]}
    check(len(owners) > 1 and {file.name[len("mlog-"):].rsplit("-", 3)[0] for file in own} == owners,
          f"subsystems have archives of their own: {sorted(file.name for file in own)}")
    check(len(expect_good(server, server.files(), "by subsystem")) == 1 + len(owners), "and chains of their own")
    expect_each_once(server, server.files(), "by subsystem")


def transfers(server, samples, scratch):
    taken = scratch / "taken"
    taken.mkdir()
    server.configure(archive_transfer_command=f"mv {server.archives}/mlog-* {taken}")
    exchange(samples[:1])
    server.stamp_all()
    server.archive()
    check(not server.files() and len(list(taken.iterdir())) > 3, "the transfer command takes the archives away")
    server.configure(archive_transfer_command="echo nobody answers >&2; false")
    exchange(samples[:1])
    server.stamp_all()
    server.archive(code=1)
    check(len(server.files()) == 1, "its failure is told, and the archive stays")
    for file in taken.iterdir():
        shutil.move(file, server.archives)
    expect_each_once(server, server.files(), "after transfers")


def encrypts(server, samples, scratch):
    home = scratch / "gpghome"
    home.mkdir(mode=0o700)
    gpg = ["gpg", "--homedir", home, "--batch", "--yes", "--pinentry-mode", "loopback", "--passphrase", ""]
    try:
        made = run(*gpg, "--quick-generate-key", "server@example.org", "future-default", "default", "never")
        check(made.returncode == 0, "gpg makes a key " + made.stderr)
        server.configure(archive_encryption_enabled="true", archive_gpg_home_directory=home)
        exchange(samples[:1])
        server.stamp_all()
        server.archive()
        encrypted = [file for file in server.files() if file.suffix == ".gpg"]
        check(len(encrypted) == 1 and not zipfile.is_zipfile(encrypted[0]), f"it is encrypted: {encrypted}")
        done = run(*gpg, "--output", encrypted[0].with_suffix(""), "--decrypt", encrypted[0])
        check(done.returncode == 0 and "Good signature" in done.stderr, "gpg decrypts it and knows who signed it")
        encrypted[0].unlink()
        expect_good(server, server.files(), "decrypted")
        expect_each_once(server, server.files(), "decrypted")
    finally:
        run("gpgconf", "--homedir", home, "--kill", "all")


def survives_kills(server, samples):
    """The administration archives by itself, every second, one record at a time."""
    server.configure(archive_interval="* * * * * ?", archive_transaction_batch=1)
    before = len(server.files())
    server.restart_admin()
    rounds = interrupted = 0
    # A quick machine may be done with all of them before the kill: it goes on until one was in time.
    while rounds < 6 or (interrupted == 0 and rounds < 100):
        rounds += 1
        exchange(samples)
        made, hastened = len(server.files()), 0.0

        def archiving():
            nonlocal hastened
            if time.time() > hastened + 0.5:
                server.hasten()
                hastened = time.time()
            return len(server.files()) > made + rounds % 6
        wait_until(archiving, "it archives", pause=0.002)
        time.sleep(random.choice((0, random.random() / 5)))
        server.restart_admin()
        interrupted += server.waits_for_archive()
    server.stamp_all()
    wait_until(lambda: not server.waits_for_archive(), "all is archived")
    status = server.ctl("messagelog", "archive-status")
    check(status.returncode == 0, f"all is well: {status.stdout}")
    check(interrupted > 0, f"{interrupted} of {rounds} kills left records without an archive")
    check(len(server.files()) > before + 20, f"{len(server.files()) - before} archives were made between kills")
    check(not list(server.archives.glob("tmp-*")), "no temporary file is left")
    expect_good(server, server.files(), "after kills")
    expect_each_once(server, server.files(), "after kills")


def retains(server, description):
    """What is archived and old goes with whole segments; the log goes on behind it."""
    url, headers, _ = ecosystem.object_across_the_border(description, str(9_000_000))
    for _ in range(9):  # a segment holds 64 MB
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=120) as answer:
            check(len(answer.read()) == 9_000_000, "a large answer")
    server.stamp_all()
    before = server.records()
    server.configure(archive_interval="* * * * * ?", clean_interval="* * * * * ?", keep_records_for=0)
    server.restart_admin()

    def cleaned():
        status = server.ctl("messagelog", "archive-status")
        return json.loads(status.stdout)["cleaning"]["first_kept"] > 1
    wait_until(cleaned, "a segment is removed")
    kept = server.records()
    check(0 < len(kept) < len(before) and kept[-1] == before[-1], f"{len(kept)} of {len(before)} records are kept")
    checked = server.ctl("messagelog", "check")
    check(checked.returncode == 0, f"the log is intact: {checked.stdout}")
    wait_until(lambda: not server.waits_for_archive(), "all is archived")
    expect_good(server, server.files(), "after cleaning")
    held = [name for file in server.files() for name in Archive(file).containers]
    check(sorted(held) == sorted(container_of(record) for record in before), "what is gone is in the archives")
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=120) as answer:
        answer.read()
    check(len(server.records()) == len(kept) + 2, "and the log goes on")


def main():
    causeway = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="causeway-archive-") as scratch:
        scratch = pathlib.Path(scratch)
        with ecosystem.running(causeway, scratch) as description:
            server = Server(causeway, ecosystem.consumer_and_client(description)[0], scratch)
            # Of its own country, and only what is signed and logged.
            samples = [sample for sample in description["samples"]
                       if sample["name"].startswith(server.instance) and sample["expect"] == 200
                       and "listClients" not in sample["name"] and "Large" not in sample["name"]]
            rotates(server, samples)
            finds_changes(server, scratch)
            groups(server, samples)
            transfers(server, samples, scratch)
            encrypts(server, samples, scratch)
            survives_kills(server, samples)
            retains(server, description)


main()
