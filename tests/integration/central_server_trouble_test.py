#!/usr/bin/env python3
"""Two nodes of a Central Server on one PostgreSQL, and a Security Server's configuration client that has their
anchor: nodes are killed, keys change, the centre is away for longer than what it published is valid, a source
gives out garbage. The client says what it sees and goes on with the last good configuration."""
import contextlib
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
from central_server import CentralServer  # noqa: E402
from central_server_test import INTERNAL, has_members  # noqa: E402
from checks import check, wait_until  # noqa: E402
from postgres import Postgres  # noqa: E402
from signed_directory import SignedDirectory  # noqa: E402

SHORT = 20  # seconds of validity, where the test waits for its end
CONNECTION = "global_conf_download_url_connection_failure"


class Node(CentralServer):
    """At an address of its own and the ports of the first, as nodes on several machines have."""

    def __init__(self, causeway, directory, name, database, address, ports=None):
        super().__init__(causeway, directory, f"global-configuration-generation-rate-in-seconds = 2\n"
                         f"[center]\ndatabase = {database}\nha-node-name = {name}\n")
        self.name, self.address = name, address
        path = self.directory / "conf.d" / "local.ini"
        text = path.read_text().replace("listen-address = 127.0.0.1", f"listen-address = {address}", 1)
        if ports:
            text = text.replace(f"listen-port = {self.port}", f"listen-port = {ports[0]}")
            text = text.replace(f"listen-tls-port = {self.tls_port}", f"listen-tls-port = {ports[1]}")
            self.port, self.tls_port = ports
        path.write_text(text)

    def join(self):
        self.initialize(address=self.address)
        self.login()
        self.add_key(INTERNAL, self.name)

    def published(self):
        """None without any."""
        file = self.directory / "public" / "V6" / "internalconf"
        return SignedDirectory(file.read_bytes()) if file.exists() else None

    def left(self):
        return self.published().left() if self.published() else 0

    def goes_on(self, what):
        before = self.published()
        time.sleep(1.1)  # its times are in seconds
        wait_until(lambda: self.published() and (not before or self.published().expires > before.expires), what,
                   instead=self.log)

    def kill(self):
        """As a power cut: all of its processes at once."""
        pids = self.pids()
        for name in "supervisor", "center", "signer":
            os.kill(pids[name], signal.SIGKILL)
        self.process.wait()
        self.process = None
        wait_until(lambda: not self.listens(), f"{self.name} is dead")

    def listens(self):
        with socket.socket() as knock:
            return knock.connect_ex((self.address, self.port)) == 0


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


def anchor_of(server):
    status, _, octets = server.open("GET", "/api/v1/configuration-sources/INTERNAL/anchor/download", None,
                                    {"Authorization": f"X-Road-ApiKey token={server.key}"})
    check(status == 200, "the anchor is downloaded")
    return octets


def cluster(node):
    status = node.do("GET", "/system/high-availability-cluster/status")
    return status["all_nodes_ok"], {each["node_name"]: each["status"] for each in status["nodes"]}


def two_nodes(first, second):
    first.join()
    has_members(first)
    second.key = second.make_key()
    second.start()
    check(second.do("GET", "/system/status")["high_availability_status"]
          == {"is_ha_configured": True, "node_name": "node_2"}, "the second node knows its name")
    check(second.do("GET", "/members/EX:GOV:1")["member_name"] == "Member 1", "and what the first one has")
    second.join()
    for node in first, second:
        node.goes_on(f"{node.name} publishes")
    # Each with a key of its own, at its own address; both in the anchor.
    anchor = anchor_of(second)
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
    certificates = len(set(re.findall(r"<verificationCert>([^<]+)</verificationCert>", anchor_of(first).decode())))
    check(certificates == 3, "the new key is announced beside the others")
    first.goes_on("while the old one signs")
    client.downloads_again("the client has learnt it")
    first.do("PUT", f"/signing-keys/{new['id']}/activate")
    first.do("DELETE", f"/signing-keys/{old['id']}")
    first.goes_on("the new one signs")
    client.downloads_again("the client follows, with the anchor it had")


def the_centre_is_away(first, second, client, postgres):
    """For longer than what it published is valid."""
    psql(postgres, f"INSERT INTO system_parameter (name, node, value) VALUES ('confExpireIntervalSeconds', '', '{SHORT}') "
                   f"ON CONFLICT (name, node) DO UPDATE SET value = '{SHORT}'")
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


def psql(postgres, statement):
    subprocess.run(["psql", "-h", str(postgres.directory), "-U", "causeway", "-d", "registry", "-qc", statement],
                   check=True)


class Liar:
    """In the place of a node that is dead: what the node had published, spoilt on the way."""

    def __init__(self, node):
        self.spoil, self.missing = lambda octets: octets, 0
        liar, public = self, node.directory / "public"

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path, _, query = self.path.partition("?")
                version = re.fullmatch(r"version=(\d+)", query)
                file = public / f"V{version.group(1) if version else 2}" / path[1:] if "conf" in path else public / path[1:]
                if not file.is_file():
                    self.send_error(404)
                    return
                octets = file.read_bytes()
                if path == "/internalconf":
                    octets = liar.spoil(octets)
                self.send_response(200)
                self.send_header("Content-Length", str(len(octets) + liar.missing))
                self.end_headers()
                self.wfile.write(octets)

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer((node.address, node.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def a_source_lies(first, second, client):
    """What it had is kept, and what is wrong is said, until the source is good again."""
    for node in first, second:
        node.kill()
    with Liar(first) as liar:
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
    with Liar(first):
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
                    the_centre_is_away(first, second, client, postgres)
        finally:
            postgres.kill()


class Ending:
    def __init__(self, server):
        self.close = server.stop


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
