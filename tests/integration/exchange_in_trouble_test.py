#!/usr/bin/env python3
"""A country whose Central Server has two nodes on one PostgreSQL, and whose two Security Servers exchange signed
messages all the time: keys are changed, nodes are killed, the centre is away, its sources lie. No message is lost or
refused while a valid configuration is at hand; from the second on in which it expires all are refused, until there is
one again."""
import contextlib
import datetime
import json
import pathlib
import signal
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
import ecosystem  # noqa: E402
from central_node import Node  # noqa: E402
from checks import check, wait_until  # noqa: E402
from exchanges import Exchanges  # noqa: E402
from founded_country import PROFILE, FoundedCountry, named  # noqa: E402
from founded_server import Ports  # noqa: E402
from information_system import Register  # noqa: E402
from lying_source import LyingSource  # noqa: E402
from machine_clock import MachineClock  # noqa: E402
from postgres import Postgres  # noqa: E402
from program import run  # noqa: E402

MANAGEMENT = "EX/GOV/1/management"
SHORT = 15  # seconds of validity, where the test waits for its end
CONNECTION = "global_conf_download_url_connection_failure"
OUTDATED = "global_conf_outdated"


class Trouble:
    def __init__(self, country, second, exchanges):
        self.country, self.first, self.second, self.exchanges = country, country.centre, second, exchanges
        self.nodes = self.first, second
        self.servers = list(country.servers.values())
        self.members = 100  # so many are there

    def all_download(self, what):
        for server in self.servers:
            server.downloads_again(f"{server.id}: {what}")

    def all_say(self, told, what):
        for server in self.servers:
            wait_until(lambda: told in str(server.sees()["fault"]), f"{server.id}: {what}",
                       instead=lambda: str(server.sees()) + server.log())

    def new_member(self, node):
        """So that parts of the configuration are others; its code."""
        self.members += 1
        node.do("POST", "/members", {"member_name": "Meanwhile", "member_id": {"member_class": "GOV",
                                                                              "member_code": str(self.members)}})
        return f"<memberCode>{self.members}</memberCode>"

    def all_know(self, member, what):
        for server in self.servers:
            wait_until(lambda: member in server.shared_parameters(), f"{server.id}: {what}", instead=server.log)

    def back(self, node):
        node.start()
        node.login()
        node.goes_on(f"{node.name} is back and signs")

    def the_configuration_changes(self):
        """Again and again, also whom the servers trust: the authorities that they show to each other are others."""
        folder = self.country.directory / "another-ca"
        run(self.country.causeway, "test-ca", "--ec", "--name", "Another", "init", "--dir", folder)
        settings = {"certificate_profile_info": PROFILE, "tls_auth": "false", "default_csr_format": "PEM"}
        for _ in range(5):
            service = self.first.send_form("/certification-services", settings, "certificate",
                                           (folder / "root.pem").read_bytes())
            self.all_know(self.new_member(self.second), "has another authority")
            self.first.do("DELETE", f"/certification-services/{service['id']}")
            for server in self.servers:
                server.process.send_signal(signal.SIGHUP)
        self.all_know(self.new_member(self.second), "has what was last")

    def a_key_is_changed(self):
        def signs_with():
            return self.first.published().signature_headers["verification-certificate-hash"]
        before = signs_with()
        old = [key["id"] for key in self.first.do("GET", "/tokens")[0]["configuration_signing_keys"]
               if key["source_type"] == "INTERNAL"]
        new = self.first.add_key("INTERNAL", "new")
        self.first.goes_on("the old key signs, the new one is announced")
        self.all_download("has learnt the new key")
        self.first.do("PUT", f"/signing-keys/{new['id']}/activate")
        wait_until(lambda: signs_with() != before, "the new key signs")
        for key in old:
            self.first.do("DELETE", f"/signing-keys/{key}")
        self.first.goes_on("without the old one")
        # Both follow the node whose key it is, now that there is no other.
        self.second.kill()
        self.all_download("follows the new key")
        self.back(self.second)

    def a_node_is_killed(self):
        for gone, left in self.nodes, self.nodes[::-1]:
            gone.kill()
            self.all_know(self.new_member(left), f"follows {left.name} without {gone.name}")
            self.back(gone)

    def a_node_has_a_wrong_clock(self):
        """Behind by more than the validity: what it gives out has expired."""
        clock = MachineClock(self.first.directory / "clock")
        clock.ahead(-3600)
        self.first.kill()
        self.first.environment = clock.environment
        self.first.start()
        self.first.login()
        wait_until(lambda: -3600 < self.first.left() < 0, "the first node's clock is an hour behind")
        self.all_know(self.new_member(self.first), "takes what changes from the other node")
        self.first.kill()
        self.first.environment = {}
        self.back(self.first)

    def the_centre_is_away(self):
        for node in self.nodes:
            node.kill()
        self.all_say(CONNECTION, "says that nobody can be reached")
        for node in self.nodes:
            self.back(node)
        self.all_download("all is well again")

    def sources_lie(self):
        """The first node makes the configuration, and somebody else is at its address; the second is dead."""
        for node in self.nodes:
            node.kill()
        settings = self.first.settings.read_text()
        self.first.settings.write_text(
            settings.replace(f"listen-port = {self.first.port}",
                             f"listen-port = {ecosystem.free_port()}\npublic-port = {self.first.port}"))
        self.back(self.first)
        with LyingSource(self.first) as source:
            self.all_download("what was published is good, whoever gives it out")
            for what, kind, spoil, told in (
                    ("garbage", "spoil", lambda octets: b"garbage", "global_conf_parsing_downloaded_conf_directory"),
                    ("half a directory", "spoil", lambda octets: octets[:len(octets) // 2],
                     "global_conf_missing_signed_data_expiration_date"),
                    ("half a part", "spoil_part", lambda octets: octets[:len(octets) // 2],
                     "global_conf_part_downloaded_file_integrity_failure"),
                    ("garbage as a part", "spoil_part", lambda octets: b"garbage",
                     "global_conf_part_downloaded_file_integrity_failure")):
                member = self.new_member(self.first)
                setattr(source, kind, spoil)
                self.all_say(told, f"{what} is refused")
                check(all(server.sees()["valid"] for server in self.servers), "the last good one is kept")
                setattr(source, kind, lambda octets: octets)
                self.all_know(member, f"after {what} all is well")
            source.missing = 100
            self.all_say(CONNECTION, "a download that breaks off is refused")
            source.missing = 0
            self.all_download("all is well")
        self.first.kill()
        self.first.settings.write_text(settings)
        for node in self.nodes:
            self.back(node)
        self.all_download("the nodes themselves are well")

    def the_centre_is_away_for_long(self):
        self.first.validity(SHORT)
        for node in self.nodes:
            wait_until(lambda: 0 < node.left() <= SHORT, f"{node.name} vouches for {SHORT} s", instead=node.log)
        self.all_download(f"has a configuration for {SHORT} s")
        begin = time.time()
        for node in self.nodes:
            node.kill()
        self.all_say(CONNECTION, "nobody can be reached")
        expires = [expiry(server) for server in self.servers]
        self.exchanges.wait_for(lambda each: each.fault, "messages are refused")
        refused_until = time.time() + 2
        wait_until(lambda: time.time() > max(*expires, refused_until), "all has expired")
        made = self.exchanges.since(begin)
        lost = [each for each in made if each.end < min(expires) and each.fault]
        late = [each for each in made if each.begin > min(expires) and not (each.fault or "").endswith(OUTDATED)]
        check(not lost and not late, f"of {len(made)} exchanges those until {min(expires)} were answered, all others "
              f"refused with {OUTDATED}: {lost[:2]} {late[:2]}")
        said = next(each for each in reversed(made) if each.fault)
        check("expired on" in said.text, f"and told why: {said.fault}: {said.text}")
        for server in self.servers:
            wait_until(lambda: not server.sees()["valid"], f"{server.id} says so", instead=server.log)

    def the_centre_is_back(self):
        self.first.start()
        self.first.login()
        wait_until(lambda: min(expiry(server) for server in self.servers) > time.time(), "both have one again",
                   pause=0.01)
        at_hand = time.time()
        self.back(self.second)
        self.exchanges.wait_for(lambda each: not each.fault, "messages are exchanged")
        failed = self.exchanges.failed(at_hand)
        late = max([each.begin for each in failed], default=at_hand) - at_hand
        check(late < 2, f"the last refused began {late:.3f} s after the configuration was there {failed[-1:]}")
        with self.exchanges.not_one_lost("after that"):
            time.sleep(2)


def expiry(server):
    """Seconds since 1970 until which what is on the disk is good."""
    folder = server.directory / "globalconf" / "EX"
    found = [json.loads((folder / f"{part}-params.xml.metadata").read_text())["expirationDate"]
             for part in ("private", "shared")]
    return min(datetime.datetime.fromisoformat(each.replace("Z", "+00:00")).timestamp() for each in found)


def troubles(trouble):
    exchanges = trouble.exchanges
    for what, act in (("the configuration changes", trouble.the_configuration_changes),
                      ("a signing key is changed", trouble.a_key_is_changed),
                      ("nodes are killed", trouble.a_node_is_killed),
                      ("a node has a wrong clock", trouble.a_node_has_a_wrong_clock),
                      ("the centre is away", trouble.the_centre_is_away),
                      ("sources lie", trouble.sources_lie)):
        with exchanges.not_one_lost(what):
            act()
    trouble.the_centre_is_away_for_long()
    trouble.the_centre_is_back()


def main(causeway):
    with contextlib.ExitStack() as stack:
        scratch = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="causeway-trouble-")))
        scratch.chmod(0o711)  # PostgreSQL does not run as root
        postgres = Postgres(scratch / "postgres")
        stack.callback(postgres.kill)
        postgres.new_database("registry")
        database = f"postgresql:///registry?host={postgres.directory}&user=causeway"
        first = Node(causeway, scratch / "one", "node_1", database, "127.0.0.1")
        second = Node(causeway, scratch / "two", "node_2", database, "127.0.0.2", (first.port, first.tls_port))
        country = stack.enter_context(FoundedCountry(causeway, scratch / "ex", "EX", "127.80.0.", Ports(), first))
        country.found(named("EX")["management"])
        second.key = second.make_key()
        stack.callback(second.stop)
        second.start()
        second.join("INTERNAL", "EXTERNAL")
        second.goes_on("the second node publishes")
        register = stack.enter_context(Register())
        country.exchanges(register.url, [named("EX")["app"]])
        exchanges = Exchanges(country.echo(), named("EX")["app"])
        wait_until(lambda: not exchanges.ask().fault, "the country exchanges messages", pause=0.5,
                   instead=lambda: exchanges.failed()[-1])
        asked, begin = register.asked, time.time()
        with exchanges:
            troubles(Trouble(country, second, exchanges))
        answered = [each for each in exchanges.since(begin) if not each.fault]
        check(register.asked - asked == len(answered),
              f"the register was asked {register.asked - asked} times, {len(answered)} answers came")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
