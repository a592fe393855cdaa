#!/usr/bin/env python3
"""Countries that are founded by calls alone: of the Central Server's administration interface, and of the commands of
Security Servers. They exchange messages, at home and with whom they trust; trust does not go on to those whom others
trust."""
import contextlib
import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
from checks import PATIENCE, check, wait_until  # noqa: E402
from founded_country import FoundedCountry  # noqa: E402
from founded_server import Ports  # noqa: E402

INSTANCES = ["ONE", "TWO", "SIX"]


class Register(http.server.BaseHTTPRequestHandler):
    """The information system of every provider."""

    def do_GET(self):
        body = json.dumps({"client": self.headers["X-Road-Client"], "path": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def information_system():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Register)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def named(instance):
    """Who takes part in a country: servers, the management services, provider and consumer."""
    return {"provider_server": f"{instance}/GOV/1/ss1", "consumer_server": f"{instance}/GOV/2/ss2",
            "management": f"{instance}/GOV/1/management", "register": f"{instance}/GOV/1/register",
            "app": f"{instance}/GOV/2/app"}


def founded(country, register_url):
    names = named(country.id)
    country.found(names["management"])
    country.centre.add_member("GOV", "2")
    provider = country.add_server(names["provider_server"])
    country.centre.do("POST", "/management-services-configuration/register-provider",
                      {"security_server_id": names["provider_server"].replace("/", ":")})
    register = {"id": names["register"], "services": [{"code": "echo", "type": "rest", "url": register_url}],
                "rights": {"echo": [named(instance)["app"] for instance in INSTANCES]}}
    provider.configure([country.management_client(names["management"]), register], f"{country.trust}/tsa")
    country.register_client(provider, names["register"])
    consumer = country.add_server(names["consumer_server"])
    consumer.configure([{"id": names["app"], "connection": "http"}], f"{country.trust}/tsa")
    country.register_client(consumer, names["app"])
    known = country.centre.do("GET", f"/security-servers/{names['consumer_server'].replace('/', ':')}/clients")
    check([client["client_id"]["encoded_id"] for client in known] == [names["app"].replace("/", ":")],
          f"{country.id} has the consumer's clients {known}")


def asked(country, instance):
    """What curl gets from the register of an instance: status and JSON."""
    names = named(country.id)
    server = country.servers[names["consumer_server"]]
    url = f"http://{server.address}:{server.ports.http}/r1/{named(instance)['register']}/echo/here"
    done = subprocess.run(["curl", "-sS", "-w", "\n%{http_code}", "-H", f"X-Road-Client: {names['app']}", url],
                          capture_output=True, text=True, timeout=PATIENCE)
    body, _, status = done.stdout.rpartition("\n")
    return status, json.loads(body) if body.startswith("{") else body + done.stderr


def answered(country, instance):
    seen = []

    def good():
        seen.append(asked(country, instance))
        return seen[-1] == ("200", {"client": named(country.id)["app"], "path": "/here"})
    wait_until(good, f"{country.id} is answered by {instance}", pause=0.5, instead=lambda: seen[-1])


def trusts(country, other):
    made = country.centre.send_form("/trusted-anchors", {}, "anchor", other.centre.anchor("EXTERNAL"), "xml")
    check(made["instance_identifier"] == other.id, f"{country.id} trusts {other.id}")


def main(causeway):
    ports = Ports()
    with tempfile.TemporaryDirectory(prefix="causeway-country-") as scratch, information_system() as register, \
            contextlib.ExitStack() as stack:
        countries = []
        for number, instance in enumerate(INSTANCES):
            country = FoundedCountry(causeway, pathlib.Path(scratch) / instance.lower(), instance, f"127.79.{number}.",
                                     ports)
            countries.append(stack.enter_context(country))
            founded(country, register)
            answered(country, instance)
        first, middle, last = countries
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
