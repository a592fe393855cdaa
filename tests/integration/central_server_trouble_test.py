#!/usr/bin/env python3
"""Two nodes of a Central Server on one PostgreSQL, and a Security Server's configuration client that has their
anchor: nodes are killed, keys change, the centre is away for longer than what it published is valid, a source
gives out garbage. The client says what it sees and goes on with the last good configuration."""
import contextlib
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
from central_node import Node  # noqa: E402
from central_server_test import INTERNAL, has_members  # noqa: E402
from checks import check, wait_until  # noqa: E402
from lying_source import LyingSource  # noqa: E402
from postgres import Postgres  # noqa: E402

SHORT = 20  # seconds of validity, where the test waits for its end
CONNECTION = "global_conf_download_url_connection_failure"


class Client:
    """The administration process of a Security Server that has nothing but an anchor."""

    def __init__(self, causeway, directory, anchor):
        self.causeway, self.directory = causeway, directory
        (directory / "conf.d").mkdir(parents=True)
        (directory / "conf.d" / "proxy.ini").write_text("[configuration-client]\nupdate-interval = 1\n")
        (directory / "configuration-anchor.xml").write_bytes(anchor)

    @contextlib.contextmanager
    def running(self):
        with open(self.directory / "log", "a") as log:
            process = subprocess.Popen([str(self.causeway), "security-server-admin", "--dir", str(self.directory)],
                                       stdout=log, stderr=log, cwd=self.directory)
        try:
            yield self
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)

    def sees(self):
        try:
            return json.loads((self.directory / "run" / "admin-status.json").read_text())["global_configuration"]
        except (FileNotFoundError, KeyError, json.JSONDecodeError):
            return {"valid": False, "sources": [], "last_success": "", "fault": None}

    def text(self):
        try:
            return (self.directory / "globalconf" / "EX" / "shared-params.xml").read_text()
        except FileNotFoundError:
            return ""

    def said(self):
        return str(self.sees()) + (self.directory / "log").read_text()[-1500:]

    def fault(self):
        """Of the last attempt: a code, or None."""
        return (self.sees()["fault"] or {}).get("code")

    def downloads_again(self, what):
        before = self.sees()["last_success"]
        time.sleep(1.1)  # its times are in seconds
        wait_until(lambda: self.sees()["valid"] and not self.sees()["fault"] and self.sees()["last_success"] > before,
                   what, instead=self.said)


def cluster(node):
    status = node.do("GET", "/system/high-availability-cluster/status")
    return status["all_nodes_ok"], {each["node_name"]: each["status"] for each in status["nodes"]}


def two_nodes(first, second):
    first.join(INTERNAL)
    has_members(first)
    second.key = second.make_key()
    second.start()
    check(second.do("GET", "/system/status")["high_availability_status"]
          == {"is_ha_configured": True, "node_name": "node_2"}, "the second node knows its name")
    check(second.do("GET", "/members/EX:GOV:1")["member_name"] == "Member 1", "and what the first one has")
    second.join(INTERNAL)
    for node in first, second:
        node.goes_on(f"{node.name} publishes")
    # Each with a key of its own, at its own address; both in the anchor.
    anchor = second.anchor("INTERNAL")
    urls = re.findall(r"<downloadURL>(http://[^<]+)</downloadURL>", anchor.decode())
    check(urls == [f"http://{node.address}:{node.port}/internalconf" for node in (first, second)],
          f"the anchor leads to both: {urls}")
    found = set(re.findall(r"<verificationCert>([^<]+)</verificationCert>", anchor.decode()))
    check(len(found) == 2, "and has a key of each")
    wait_until(lambda: cluster(first) == cluster(second) == (True, {"node_1": "OK", "node_2": "OK"}),
               "each node knows that both are well")
    return anchor


def a_node_is_killed(first, second, client):
    wait_until(lambda: client.sees()["valid"], "the client has the configuration", instead=client.said)
    check(client.text().count("<ConfigurationSource>") + client.text().count("<source>") >= 2
          and first.address in client.text() and second.address in client.text(), "which names both nodes")
    for gone, left in (first, second), (second, first):
        gone.kill()
        client.downloads_again(f"without {gone.name} the client goes on")
        left.add_member("GOV", f"without-{gone.name[-1]}")
        wait_until(lambda: f"without-{gone.name[-1]}" in client.text(), f"and follows {left.name}", instead=client.said)
        wait_until(lambda: cluster(left)[1][gone.name] == "WARN", f"{left.name} tells that {gone.name} is behind")
        gone.start()
        gone.login()
        gone.goes_on(f"{gone.name} is back and signs")
        wait_until(lambda: cluster(left)[0], "all are well again")


def a_key_is_changed(first, client):
    old = [key for key in first.do("GET", "/tokens")[0]["configuration_signing_keys"]][0]
    new = first.add_key(INTERNAL, "new")
    certificates = len(set(re.findall(r"<verificationCert>([^<]+)</verificationCert>",
                                      first.anchor("INTERNAL").decode())))
    check(certificates == 3, "the new key is announced beside the others")
    first.goes_on("while the old one signs")
    client.downloads_again("the client has learnt it")
    first.do("PUT", f"/signing-keys/{new['id']}/activate")
    first.do("DELETE", f"/signing-keys/{old['id']}")
    first.goes_on("the new one signs")
    client.downloads_again("the client follows, with the anchor it had")


def the_centre_is_away(first, second, client):
    """For longer than what it published is valid."""
    first.validity(SHORT)
    for node in first, second:
        wait_until(lambda: 0 < node.left() <= SHORT, f"{node.name} vouches for {SHORT} s", instead=node.log)
    client.downloads_again("the client has such a configuration")
    for node in first, second:
        node.kill()
    wait_until(lambda: client.fault() == CONNECTION, "it says that nobody can be reached", instead=client.said)
    check(client.sees()["valid"], "what it has is good meanwhile")
    wait_until(lambda: not client.sees()["valid"], "until its time is up", instead=client.said)
    a_clock_is_wrong(first, client)
    first.start()
    first.login()
    wait_until(lambda: client.sees()["valid"] and not client.sees()["fault"], "with one node back all is well",
               instead=client.said)
    second.start()
    second.login()


def a_source_lies(first, second, client):
    """What it had is kept, and what is wrong is said, until the source is good again."""
    for node in first, second:
        node.kill()
    with LyingSource(first) as liar:
        client.downloads_again("what was published is good, whoever gives it out")
        kept, expires = client.text(), client.sees()["expires"]
        # The sources of the configuration are tried, then those of the anchor, which does not know the new key:
        # the text names each.
        for what, spoil, told in (
                ("garbage", lambda octets: b"garbage", "global_conf_parsing_downloaded_conf_directory_failure"),
                ("half of it", lambda octets: octets[:len(octets) // 2], "global_conf_missing_signed_data_expiration_date"),
                ("another content", lambda octets: octets.replace(b"SHARED", b"SHAREd"),
                 "The signature of the directory does not verify"),
                ("another version", lambda octets: re.sub(rb"(?i)version: 6", b"Version: 9", octets),
                 "The signature of the directory does not verify"),
                ("nothing", lambda octets: b"", "")):
            liar.spoil = spoil
            wait_until(lambda: client.fault() and told in str(client.sees()["fault"]), f"{what}: said",
                       instead=client.said)
            check(client.sees()["valid"] and client.sees()["expires"] == expires and client.text() == kept,
                  f"{what}: the last good one is kept")
            liar.spoil = lambda octets: octets
            client.downloads_again(f"after {what} all is well")
        liar.missing = 100
        wait_until(lambda: client.sees()["fault"], "a download that breaks off: said", instead=client.said)
        check(client.sees()["valid"] and client.text() == kept, "and the last good one is kept")
    for node in first, second:
        node.start()
        node.login()
        node.goes_on(f"{node.name} is back")
    client.downloads_again("with the nodes all is well")


def a_clock_is_wrong(first, client):
    """What a source gives out whose clock is behind, and more than the validity: it has expired long since."""
    with LyingSource(first):
        wait_until(lambda: "The configuration expired on" in str(client.sees()["fault"]), "what has expired is refused",
                   instead=client.said)
        check(not client.sees()["valid"], "it is not taken for good")


def main(causeway):
    with tempfile.TemporaryDirectory(prefix="causeway-trouble-") as scratch:
        scratch = pathlib.Path(scratch)
        scratch.chmod(0o711)  # PostgreSQL does not run as root
        postgres = Postgres(scratch / "postgres")
        try:
            postgres.new_database("registry")
            database = f"postgresql:///registry?host={postgres.directory}&user=causeway"
            first = Node(causeway, scratch / "one", "node_1", database, "127.0.0.1")
            second = Node(causeway, scratch / "two", "node_2", database, "127.0.0.2", (first.port, first.tls_port))
            with first, contextlib.closing(Ending(second)):
                client = Client(causeway, scratch / "ss", two_nodes(first, second))
                with client.running():
                    a_node_is_killed(first, second, client)
                    a_key_is_changed(first, client)
                    a_source_lies(first, second, client)
                    the_centre_is_away(first, second, client)
        finally:
            postgres.kill()


class Ending:
    def __init__(self, server):
        self.close = server.stop


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
