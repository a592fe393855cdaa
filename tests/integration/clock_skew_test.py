#!/usr/bin/env python3
"""Clocks that are wrong: of a Security Server and of a Central Server, by minutes and by hours, set while messages are
exchanged. What is wrong has a name, says by how much, and is over when the clock is right again."""
import contextlib
import datetime
import json
import pathlib
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
from checks import check, wait_until  # noqa: E402
from exchanges import Exchanges  # noqa: E402
from founded_country import FoundedCountry, named  # noqa: E402
from founded_server import Ports  # noqa: E402
from information_system import Register  # noqa: E402
from machine_clock import MachineClock  # noqa: E402

MINUTE, HOUR = 60, 3600
OUTDATED = "global_conf_outdated"
SHORT = 20  # seconds of validity, where the test waits for its end


class Skew:
    def __init__(self, country, clocks, exchanges):
        self.country, self.centre, self.exchanges = country, country.centre, exchanges
        self.centre_clock, self.provider_clock, self.consumer_clock = clocks
        self.provider, self.consumer = country.servers.values()
        self.members = 100  # so many are there

    def sees_clock(self, server, seconds, what):
        """That its own clock is so far ahead of the centre's."""
        def near():
            ahead = server.sees()["clock_ahead"]
            return ahead is not None and abs(ahead - seconds) < 10
        wait_until(near, f"{server.id}: {what}", instead=lambda: str(server.sees()) + server.log())

    def refused(self, fault, text, what):
        self.exchanges.wait_for(lambda each: (each.fault or "").endswith(fault) and text in each.text,
                                f"{what}: refused with {fault}")
        said = self.exchanges.failed()[-1]
        print(f"   {said.fault}: {said.text}", flush=True)

    def answered(self, what):
        self.exchanges.wait_for(lambda each: not each.fault, f"{what}: messages are exchanged")

    def a_new_member_is_told(self, what):
        self.members += 1
        self.centre.do("POST", "/members", {"member_name": "Meanwhile", "member_id": {
            "member_class": "GOV", "member_code": str(self.members)}})
        for server in self.provider, self.consumer:
            wait_until(lambda: f"<memberCode>{self.members}</memberCode>" in server.shared_parameters(),
                       f"{what}: {server.id} takes what changes", instead=server.log)

    def a_security_server_is_minutes_off(self):
        """Within what configurations and OCSP responses are good for: nobody minds, but it is told."""
        for seconds, said in (5 * MINUTE, "5 min ahead of"), (-30 * MINUTE, "30 min behind"):
            what = f"the consumer's clock is {said} the right time"
            self.consumer.mark()
            with self.exchanges.not_one_lost(what):
                self.consumer_clock.ahead(seconds)
                self.sees_clock(self.consumer, seconds, "says so")
                wait_until(lambda: f"the clock here is {said} that of http" in self.consumer.said(), "and in its log")
                self.consumer.downloads_again("goes on")
                time.sleep(2)
        with self.exchanges.not_one_lost("and is right again"):
            self.consumer_clock.ahead(0)
            self.sees_clock(self.consumer, 0, "the clock is right")

    def a_security_server_is_ahead_of_the_validity(self):
        for server, clock, side in ((self.consumer, self.consumer_clock, "clientproxy"),
                                    (self.provider, self.provider_clock, "serverproxy")):
            what = f"the clock of {server.id} is 20 min ahead"
            clock.ahead(20 * MINUTE)
            self.refused(f"server.{side}.{OUTDATED}", "expired on", what)
            wait_until(lambda: server.fault() == OUTDATED and ", and the clock here is 20 min ahead of that of http"
                       in server.sees()["fault"]["text"], f"{server.id}: says why", instead=lambda: server.sees())
            check(not server.sees()["valid"], "nothing is valid there")
            clock.ahead(0)
            self.answered(f"the clock of {server.id} is right again")
            server.downloads_again("downloads")
            with self.exchanges.not_one_lost("after that"):
                time.sleep(1)

    def a_security_server_is_hours_ahead(self):
        """While configurations are good for a day: OCSP responses are not."""
        self.centre.validity(24 * HOUR)
        wait_until(lambda: self.centre.directory_of(6).left() > 23 * HOUR, "the configuration is good for a day")
        self.consumer.downloads_again("has it")
        self.consumer_clock.ahead(2 * HOUR)
        self.refused("ssl_authentication_failed", "", "the consumer's clock is 2 h ahead")
        wait_until(lambda: "OCSP response is too old: thisUpdate is" in str(self.certificates()), "it says why",
                   instead=self.consumer.log)
        self.sees_clock(self.consumer, 2 * HOUR, "and what is wrong")
        self.consumer_clock.ahead(0)
        self.answered("the consumer's clock is right again")
        self.centre.validity(600)

    def certificates(self):
        status = json.loads((self.consumer.directory / "run" / "admin-status.json").read_text())
        return status["ocsp"]["certificates"]

    def a_security_server_is_behind_its_certificates(self):
        """They are from an hour ago."""
        self.consumer_clock.ahead(-3 * HOUR)
        self.refused("ssl_authentication_failed", "its certificate is not valid now, but from",
                     "the consumer's clock is 3 h behind")
        self.sees_clock(self.consumer, -3 * HOUR, "says what is wrong")
        self.consumer_clock.ahead(0)
        self.answered("the consumer's clock is right again")

    def the_centre_is_ahead(self):
        with self.exchanges.not_one_lost("the centre's clock is an hour ahead"):
            self.centre_clock.ahead(HOUR)
            for server in self.provider, self.consumer:
                self.sees_clock(server, -HOUR, "says so")
            self.a_new_member_is_told("the centre's clock is an hour ahead")
        with self.exchanges.not_one_lost("the centre's clock is right again"):
            self.centre_clock.ahead(0)
            for server in self.provider, self.consumer:
                self.sees_clock(server, 0, "the clocks agree")
            # What it has is good for an hour more than what is published now.
            self.a_new_member_is_told("the centre's clock is right again")

    def the_centre_is_behind(self):
        self.centre.validity(SHORT)
        for server in self.provider, self.consumer:
            wait_until(lambda: expires(server) < time.time() + SHORT + 1, f"{server.id} has a configuration for {SHORT} s",
                       instead=server.log)
        begin = time.time()
        self.centre_clock.ahead(-5 * MINUTE)
        for server in self.provider, self.consumer:
            wait_until(lambda: server.fault() == OUTDATED and ", and the clock here is 5 min ahead of that of http"
                       in server.sees()["fault"]["text"], f"{server.id} does not take what has expired",
                       instead=lambda: server.sees())
        until = min(expires(server) for server in (self.provider, self.consumer))
        self.refused(OUTDATED, "expired on", "when what they had has expired")
        lost = [each for each in self.exchanges.since(begin, until) if each.end < until and each.fault]
        check(until > begin and not lost, f"and no message before {lost[:1]}")
        self.centre_clock.ahead(0)
        self.answered("the centre's clock is right again")


def expires(server):
    """Seconds since 1970."""
    return datetime.datetime.fromisoformat(server.sees()["expires"].replace("Z", "+00:00")).timestamp()


def main(causeway):
    with contextlib.ExitStack() as stack:
        scratch = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="causeway-clocks-")))
        clocks = [MachineClock(scratch / f"clock-{name}") for name in ("centre", "provider", "consumer")]
        country = FoundedCountry(causeway, scratch / "ex", "EX", "127.81.0.", Ports())
        country.centre.environment = clocks[0].environment
        stack.enter_context(country)
        country.found(named("EX")["management"])
        register = stack.enter_context(Register())
        country.exchanges(register.url, [named("EX")["app"]], [clock.environment for clock in clocks[1:]])
        exchanges = Exchanges(country.echo(), named("EX")["app"], askers=2)
        wait_until(lambda: not exchanges.ask().fault, "the country exchanges messages", pause=0.5,
                   instead=lambda: exchanges.failed()[-1])
        skew = Skew(country, clocks, exchanges)
        with exchanges:
            skew.a_security_server_is_minutes_off()
            skew.a_security_server_is_ahead_of_the_validity()
            skew.a_security_server_is_hours_ahead()
            skew.a_security_server_is_behind_its_certificates()
            skew.the_centre_is_ahead()
            skew.the_centre_is_behind()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
