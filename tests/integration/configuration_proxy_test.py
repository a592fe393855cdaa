#!/usr/bin/env python3
"""A configuration proxy between a Central Server's source and a Security Server: what it publishes
is judged by openssl, taken up by the server's own client through a change of keys, survives
garbage and an outage of the source, and ends when its time is up."""
import contextlib
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
import ecosystem  # noqa: E402
from checks import PATIENCE, check, wait_until  # noqa: E402
from signed_directory import SignedDirectory  # noqa: E402

PIN = "Causeway-1234\n"
VERSIONS = [2, 3, 4, 5, 6]
SHORT = 20  # seconds; the validity at the source in the last part


@contextlib.contextmanager
def process(log, *words):
    """A process that runs for as long as the block lasts."""
    with open(log, "a") as out:
        started = subprocess.Popen([str(word) for word in words], stdout=out, stderr=subprocess.STDOUT)
    try:
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        try:
            started.wait(20)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


class Proxy:
    def __init__(self, causeway, directory):
        self.causeway, self.directory, self.port = causeway, directory, ecosystem.free_port()
        (directory / "conf.d").mkdir(parents=True)
        self.url = f"http://127.0.0.1:{self.port}"
        (directory / "conf.d" / "local.ini").write_text(
            f"[configuration-proxy]\naddress = 127.0.0.1:{self.port}\nlisten-address = 127.0.0.1\n"
            f"listen-port = {self.port}\nupdate-interval = 1\n[configuration-client]\nallowed-federations = all\n")

    def say(self, *words, command="configuration-proxy", stdin=""):
        """Exit code and what was printed."""
        done = subprocess.run([str(word) for word in (self.causeway, command, *words, "--dir", self.directory, "--json")],
                              capture_output=True, text=True, input=stdin, timeout=PATIENCE)
        self.error = done.stderr
        return done.returncode, json.loads(done.stdout) if done.stdout.strip() else None

    def ask(self, *words, **options):
        code, answer = self.say(*words, **options)
        if code != 0:
            sys.exit(f"FAILED: {' '.join(map(str, words))} ended with {code}: {self.error}")
        return answer

    def get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return answer.read()

    def directory_of(self, version, instance="PROXY1"):
        """None where there is none."""
        try:
            return SignedDirectory(self.get(f"/{instance}/conf?version={version}"))
        except (urllib.error.HTTPError, urllib.error.URLError):
            return None

    def certificate(self, key):
        return self.directory / "confproxy" / "PROXY1" / f"cert_{key}.pem"

    def status(self, instance="PROXY1"):
        """Of one instance: as the process last wrote it."""
        _, status = self.say("status")
        found = [one for one in (status or {"instances": []})["instances"] if one["name"] == instance]
        return found[0] if found else None

    def fault_of(self, version):
        status = self.status()
        faults = [one["fault"] for one in status["versions"] if one["version"] == version]
        return faults[0]["code"] if faults and faults[0] else None


def set_up(proxy, anchor, stray_anchor):
    """Two instances: one with a good source, one whose source does not exist."""
    proxy.ask("init-token", command="signer", stdin=PIN)
    proxy.ask("login", command="signer", stdin=PIN)
    for name, source in ("PROXY1", anchor), ("PROXY2", stray_anchor):
        proxy.ask("create-instance", "-p", name)
        shutil.copy(source, proxy.directory / "confproxy" / name / "anchor.xml")
    check(proxy.say("create-instance", "-p", "PROXY1")[0] == 1, "an instance is made once")
    check(proxy.say("generate-anchor", "-p", "PROXY1", "-f", proxy.directory / "anchor.xml")[0] == 1,
          "there is no anchor without a key")
    check(proxy.say("add-signing-key", "-p", "PROXY1")[0] == 2, "which key must be said")
    first = proxy.ask("add-signing-key", "-p", "PROXY1", "-t", "0")
    check(first["active"], "the first key signs")
    proxy.ask("add-signing-key", "-p", "PROXY2", "-t", "0", "-a", "EC")
    made = proxy.ask("generate-anchor", "-p", "PROXY1", "-f", proxy.directory / "anchor.xml")
    shown = proxy.ask("view-conf", "-p", "PROXY1")
    check(made["instance"] == shown["anchor"]["instance"] == "EE", "the anchor is of the source's instance")
    check(shown["urls"] == [f"{scheme}://127.0.0.1:{proxy.port}/PROXY1/conf" for scheme in ("http", "https")],
          "and leads to the proxy")
    check([one["instance"] for one in proxy.ask("view-conf", "--all")] == ["PROXY1", "PROXY2"], "both are shown")
    return first["key"]


def judged_by_openssl(proxy, key, scratch):
    for version in VERSIONS:
        directory = proxy.directory_of(version)
        check(directory and directory.version == version and 0 < directory.left() <= 600,
              f"version {version} is published and valid")
        check(directory.signed_by(proxy.certificate(key), scratch), f"version {version}: openssl verifies the signature")
        check(directory.check_parts(proxy.get), f"version {version}: the parts have the digests that were signed")
        check({"PRIVATE-PARAMETERS; instance='EE'", "SHARED-PARAMETERS; instance='EE'",
               "SHARED-PARAMETERS; instance='FI'"} <= set(directory.identifiers()),
              f"version {version}: the own parts and the partner's")


class SecurityServer:
    """The administration of a Security Server whose anchor is the proxy's."""

    def __init__(self, directory, anchor):
        self.directory = directory
        shutil.copy(anchor, directory / "configuration-anchor.xml")
        shutil.rmtree(directory / "globalconf", ignore_errors=True)
        (directory / "run" / "admin-status.json").unlink(missing_ok=True)
        (directory / "conf.d" / "proxy.ini").write_text("[configuration-client]\nupdate-interval = 1\n")

    def configuration(self):
        try:
            return json.loads((self.directory / "run" / "admin-status.json").read_text())["global_configuration"]
        except (FileNotFoundError, KeyError):
            return {"valid": False, "sources": [], "last_success": ""}

    def downloads_from(self, url):
        known = self.configuration()
        return known["valid"] and any(source["url"].startswith(url) and not source["fault"] and source["instance"] == "EE"
                                      for source in known["sources"])

    def wait_for_another_download(self, what):
        seen = [self.configuration()["last_success"]]
        time.sleep(1.1)  # its times are in seconds

        def again():
            known = self.configuration()
            return known["valid"] and not known["fault"] and known["last_success"] > seen[0]
        wait_until(again, what, instead=lambda: str(self.configuration().get("fault")))


def keys_change(proxy, server, first, scratch):
    second = proxy.ask("add-signing-key", "-p", "PROXY1", "-t", "0", "-a", "EC")["key"]
    certificate = "".join(proxy.certificate(second).read_text().splitlines()[1:-1])
    shared = server.directory / "globalconf" / "EE" / "shared-params.xml"
    wait_until(lambda: certificate in "".join(shared.read_text().split()), "the server has the new key's certificate")
    check(proxy.say("del-signing-key", "-p", "PROXY1", "-k", first)[0] == 1, "the key that signs is not deleted")
    proxy.ask("activate-signing-key", "-p", "PROXY1", "-k", second)
    for version in VERSIONS:
        wait_until(lambda: proxy.directory_of(version).signed_by(proxy.certificate(second), scratch),
                   f"version {version} is signed with the new key")
    server.wait_for_another_download("the server follows, with the anchor it had")
    check(proxy.ask("del-signing-key", "-p", "PROXY1", "-k", first)["deleted_from_signer"], "the old key is deleted")
    server.wait_for_another_download("the server goes on without it")
    return second


def garbage_from_the_source(proxy, docroot):
    published = docroot / "V6" / "internalconf"
    good = published.read_bytes()
    for garbage, code in ((b"garbage", "global_conf_parsing_downloaded_conf_directory_failure"),
                          (good[:len(good) // 2], "global_conf_missing_signed_data_expiration_date"),
                          (good.replace(b"SHARED", b"SHAREd"), "global_conf_signature_verification_failure")):
        replace(published, garbage)
        wait_until(lambda: proxy.fault_of(6) == code, f"garbage is named: {code}", instead=lambda: proxy.fault_of(6))
        served = proxy.get("/PROXY1/conf?version=6")
        time.sleep(2.5)  # at least two rounds
        check(proxy.fault_of(6) == code and proxy.get("/PROXY1/conf?version=6") == served and
              proxy.directory_of(6).left() > 0, "the last good one stays")
        check(proxy.fault_of(5) is None and proxy.directory_of(5).left() > 0, "the other versions go on")
        check(proxy.say("status")[0] == 1, "and the status says that it is not well")
        replace(published, good)
        wait_until(lambda: proxy.fault_of(6) is None, "the source is good again")


def replace(path, octets):
    draft = path.with_name("draft")
    draft.write_bytes(octets)
    draft.rename(path)


def source_down(proxy, central, start_central, docroot):
    (central / "changes.json").write_text(json.dumps({"validity": SHORT}))
    wait_until(lambda: all(proxy.directory_of(v) and proxy.directory_of(v).left() <= SHORT for v in VERSIONS),
               "the proxy vouches for no longer than the source")
    with contextlib.ExitStack() as stack:
        start_central(stack, False)
        wait_until(lambda: proxy.fault_of(6) == "global_conf_download_url_connection_failure", "the source is down",
                   instead=lambda: proxy.fault_of(6))
        check(proxy.directory_of(6) and proxy.directory_of(6).left() > 0, "what is valid is served meanwhile")
        wait_until(lambda: proxy.directory_of(6) is None, "until its time is up")
        wait_until(lambda: not list((proxy.directory / "public" / "PROXY1").glob("conf-v*")),
                   "and nothing expired is left to be served")
        check(proxy.say("status")[0] == 1 and proxy.status()["versions"][0]["expires"] is None, "the status says so")
    (central / "changes.json").unlink()
    start_central(None, True)
    wait_until(lambda: all(proxy.directory_of(version) for version in VERSIONS), "all is well when the source is back")


def main():
    causeway = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="causeway-confproxy-") as name, contextlib.ExitStack() as running:
        root = pathlib.Path(name)
        with ecosystem.running(causeway, root, "--planned-centre") as description:
            print("ok: the ecosystem is made", flush=True)
        country = root / "ecosystem"
        home = description["instances"][0]
        anchor = pathlib.Path(home["anchor"])
        central = anchor.parent
        source = {}

        def start_central(stack, up):
            if not up:
                source.pop("EE").close()
                return
            source["EE"] = running.enter_context(contextlib.ExitStack())
            source["EE"].enter_context(process(root / "central-EE.log", causeway, "up-central", "--dir", country,
                                               "--instance", "EE"))

        start_central(None, True)
        running.enter_context(process(root / "central-FI.log", causeway, "up-central", "--dir", country,
                                      "--instance", "FI"))
        proxy = Proxy(causeway, root / "proxy")
        running.enter_context(process(root / "signer.log", causeway, "signer", "run", "--dir", proxy.directory))
        wait_until((proxy.directory / "run" / "signer.sock").exists, "the signer runs")
        stray = root / "stray.xml"
        port = ecosystem.free_port()
        text = anchor.read_text()
        address = text.split("<downloadURL>http://", 1)[1].split("/", 1)[0]
        stray.write_text(text.replace(address, f"127.0.0.1:{port}"))
        key = set_up(proxy, anchor, stray)
        running.enter_context(process(root / "proxy.log", causeway, "configuration-proxy", "run", "--dir",
                                      proxy.directory))
        wait_until(lambda: proxy.status() and proxy.status()["versions"] and not proxy.status()["fault"] and
                   all(one["expires"] for one in proxy.status()["versions"]), "all versions are published")
        judged_by_openssl(proxy, key, root)
        wait_until(lambda: proxy.status("PROXY2") and any(one["fault"] for one in proxy.status("PROXY2")["versions"]),
                   "the instance without a source does not hold it up")
        check(not proxy.status()["fault"] and proxy.say("status")[0] == 1, "but the status tells of it")
        check(proxy.say("run", "--once")[0] == 1, "two do not publish in one directory")

        server = SecurityServer(pathlib.Path(home["security_servers"][1]["directory"]), proxy.directory / "anchor.xml")
        running.enter_context(process(root / "admin.log", causeway, "security-server-admin", "--dir", server.directory))
        wait_until(lambda: server.downloads_from(proxy.url + "/PROXY1/conf"),
                   "a Security Server takes the configuration from the proxy, by its anchor",
                   instead=lambda: str(server.configuration()))
        keys_change(proxy, server, key, root)
        garbage_from_the_source(proxy, central / "public")
        source_down(proxy, central, start_central, central / "public")
        wait_until(lambda: server.downloads_from(proxy.url + "/PROXY1/conf"), "and the Security Server has it again")


main()
