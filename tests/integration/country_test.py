#!/usr/bin/env python3
"""Countries that are founded by calls alone: of the Central Server's administration interface, and of the commands of
Security Servers. They exchange messages, at home and with whom they trust; trust does not go on to those whom others
trust."""
import contextlib
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
import information_system  # noqa: E402
from checks import check, wait_until  # noqa: E402
from founded_country import FoundedCountry, named  # noqa: E402
from founded_server import Ports  # noqa: E402

INSTANCES = ["ONE", "TWO", "SIX"]


def founded(country, register_url):
    names = named(country.id)
    country.found(names["management"])
    country.exchanges(register_url, [named(instance)["app"] for instance in INSTANCES])
    known = country.centre.do("GET", f"/security-servers/{names['consumer_server'].replace('/', ':')}/clients")
    check([client["client_id"]["encoded_id"] for client in known] == [names["app"].replace("/", ":")],
          f"{country.id} has the consumer's clients {known}")


def asked(country, instance):
    """What the consumer of a country gets from the register of an instance: status and JSON."""
    names = named(country.id)
    return information_system.asked(country.servers[names["consumer_server"]], names["app"],
                                    named(instance)["register"])


def answered(country, instance):
    names = named(country.id)
    information_system.wait_for_answer(country.servers[names["consumer_server"]], names["app"],
                                       named(instance)["register"], f"{country.id} is answered by {instance}")


def is_maintained(country):
    """The consumer's server, about which the provider's one tells the centre."""
    server = country.servers[named(country.id)["consumer_server"]]

    def told():
        status = server.registrations()
        return status["maintenance"], status["maintenance_change"]
    server.registration("begin-maintenance", "--message", "Back at noon")
    check(told() in ((None, {"begins": True, "message": "Back at noon"}), ("Back at noon", None)),
          "maintenance is asked for")
    wait_until(lambda: told() == ("Back at noon", None), "and has begun")
    server.registration("end-maintenance")
    wait_until(lambda: told() == (None, None), "and ended")


def trusts(country, other):
    made = country.centre.send_form("/trusted-anchors", {}, "anchor", other.centre.anchor("EXTERNAL"), "xml")
    check(made["instance_identifier"] == other.id, f"{country.id} trusts {other.id}")


def main(causeway):
    ports = Ports()
    with tempfile.TemporaryDirectory(prefix="causeway-country-") as scratch, information_system.Register() as register, \
            contextlib.ExitStack() as stack:
        countries = []
        for number, instance in enumerate(INSTANCES):
            country = FoundedCountry(causeway, pathlib.Path(scratch) / instance.lower(), instance, f"127.79.{number}.",
                                     ports)
            countries.append(stack.enter_context(country))
            founded(country, register.url)
            answered(country, instance)
        first, middle, last = countries
        is_maintained(last)
        check(asked(first, middle.id)[0] == "500", "there is no way to those whom one does not trust")
        for one, other in (first, middle), (middle, last):
            trusts(one, other)
            trusts(other, one)
            answered(one, other.id)
            answered(other, one.id)
        for one, other in (first, last), (last, first):
            status, fault = asked(one, other.id)
            check(status == "500" and f"instance {other.id} is not known here" in fault["message"],
                  f"{one.id} does not trust {other.id}, whom {middle.id} trusts: {fault}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
