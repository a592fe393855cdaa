#!/usr/bin/env python3
"""A Security Server registers its first certificate at a Central Server, and then asks for more through the exchange:
both are programs, and what one says to the other goes over HTTPS. What it may do follows what it asked for and what the
centre made of it."""
import json
import os
import pathlib
import re
import signal
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
from checks import check, wait_until  # noqa: E402
from founded_country import FoundedCountry  # noqa: E402
from founded_server import Ports  # noqa: E402
from information_system import Register, asked, register_client, wait_for_answer, wait_for_refusal  # noqa: E402

SERVER, MANAGEMENT = "EX/GOV/1/ss1", "EX/GOV/1/management"
TAX, APP = "EX/GOV/1/tax", "EX/GOV/1/app"  # one offers, the other asks
OWNER, NEXT_OWNER = "EX/GOV/1", "EX/GOV/2"
NEXT_SERVER = "EX/GOV/2/ss1"
UNKNOWN = "server.clientproxy.unknown_member"


def encoded(id):
    return id.replace("/", ":")


def at_centre(server=SERVER):
    return f"/security-servers/{encoded(server)}"


def refused(server, *command):
    """The code with which the server refuses to send what its own status forbids."""
    return re.search(r"causeway ctl: ([\w.]+):", server.registration(*command, fails=True)).group(1)


def registers(server, centre):
    signing, authentication = server.add_certificates()
    check(server.status(signing) == "registered" and server.status(authentication) == "saved", "what was imported")
    command = ["register-certificate", "--certificate", authentication, "--address", server.address]
    check("would take" in server.registration(*command, "--dry-run"), "the centre would take it")
    check("number 1" in server.registration(*command), "the centre has taken it")
    check(refused(server, *command) == "action_not_possible", "once")
    check(server.status(authentication) == "registration in progress", "and it is under way")
    request = centre.do("GET", "/management-requests/1")
    check((request["status"], request["origin"]) == ("WAITING", "SECURITY_SERVER"), "it waits for an officer")
    check(not server.registrations()["known"], "and the server is not known yet")
    centre.do("POST", "/management-requests/1/approval")
    centre.do("GET", at_centre())
    wait_until(lambda: server.status(authentication) == "registered", "the server learns that it is registered",
               instead=server.log)
    check(not server.certificate(authentication)["active"], "the certificate waits to be activated")
    server.signer("activate-certificate", authentication)
    known = server.registrations()
    check(known["known"] and known["address"] == server.address, "the server is known")
    check(server.client_status(OWNER) == "registered", "and its owner with it")


def has_clients(country, server, register_url):
    country.centre.do("POST", "/management-services-configuration/register-provider",
                      {"security_server_id": encoded(SERVER)})
    description = country.centre.get("/managementservices.wsdl").decode()
    services = re.findall(r'<wsdl:operation name="(\w+)">\s*<soap:', description)
    management = country.management_client(MANAGEMENT)
    check(sorted(services) == sorted(service["code"] for service in management["services"]) and len(services) == 10,
          f"ten services are described: {services}")
    server.configure([management, register_client(TAX, register_url, [APP]), {"id": APP, "connection": "http"},
                      {"id": NEXT_OWNER}], f"{country.trust}/tsa")
    server.wait_for_status(MANAGEMENT, "registered")
    for client in TAX, APP, NEXT_OWNER:
        server.wait_for_status(client, "saved")


def clients_are_registered(country, server):
    wait_for_refusal(server, APP, TAX, UNKNOWN, "whoever is not registered is refused")
    check("goes along" in server.registration("rename-client", "--client", TAX, "--name", "Taxes"),
          "a name can be given before")
    check('to be "Taxes" when it is registered' in server.registration("status"), "and is shown")
    check(refused(server, "disable-client", "--client", APP) == "action_not_possible",
          "who is not registered is not disabled")
    for client in TAX, APP:
        country.register_client(server, client)
        server.wait_for_status(client, "registered")
    wait_for_answer(server, APP, TAX, "registered clients are answered")
    check(refused(server, "register-client", "--client", APP) == "action_not_possible", "they are not registered twice")
    check(refused(server, "register-client", "--client", "EX/GOV/1/none") == "client_not_found",
          "nor those that server.yaml does not have")


def is_renamed(server, centre):
    def told():
        return server.registrations()["clients"][TAX]
    wait_until(lambda: (told()["name"], told()["renaming"]) == ("Taxes", None), "the name has arrived")
    server.registration("rename-client", "--client", TAX, "--name", "Taxes and duties")
    check("Taxes and duties" in [client.get("subsystem_name") for client in centre.do("GET", f"{at_centre()}/clients")],
          "it has another name")
    wait_until(lambda: (told()["name"], told()["renaming"]) == ("Taxes and duties", None), "which the server learns")
    check(refused(server, "rename-client", "--client", TAX, "--name", "Taxes and duties") == "invalid_client_name",
          "and which it has already")


def is_disabled_and_enabled(server):
    for client in APP, TAX:
        server.registration("disable-client", "--client", client)
        check(server.client_status(client) in ("disabling in progress", "disabled"), f"{client} is about to be disabled")
        wait_for_refusal(server, APP, TAX, UNKNOWN, f"without {client} nothing is answered")
        server.wait_for_status(client, "disabled")
        check(refused(server, "disable-client", "--client", client) == "action_not_possible", "it is disabled once")
        if client == APP:
            is_killed(server)
            check(asked(server, APP, TAX)[0] == "500" and server.client_status(APP) == "disabled",
                  "it is disabled still")
        server.registration("enable-client", "--client", client)
        server.wait_for_status(client, "registered")
        wait_for_answer(server, APP, TAX, f"with {client} it is again")
    check(refused(server, "disable-client", "--client", MANAGEMENT) == "forbidden_disable_management_service_client",
          "the management services stay")


def is_killed(server):
    def pids():
        return json.loads((server.directory / "run" / "pids.json").read_text())
    before = pids()
    for name in "admin", "proxy":
        os.kill(before[name], signal.SIGKILL)
    wait_until(lambda: all(pids()[name] not in (None, before[name]) for name in ("admin", "proxy")) and pids()["ready"],
               "both processes are there again")


def the_administrator_decides(country, server, register_url):
    """A status in server.yaml that was not there before counts, whatever the server has noted."""
    def configured(**more):
        server.configure([country.management_client(MANAGEMENT), register_client(TAX, register_url, [APP]),
                          {"id": APP, "connection": "http", **more}, {"id": NEXT_OWNER}], f"{country.trust}/tsa")
    configured(status="disabled")
    wait_for_refusal(server, APP, TAX, UNKNOWN, "a client that is disabled by hand is refused")
    configured()
    wait_for_answer(server, APP, TAX, "and answered when that is taken back")


def has_another_owner(country, server):
    centre = country.centre
    check(refused(server, "change-owner", "--client", NEXT_OWNER) == "action_not_possible",
          "only a registered member becomes the owner")
    country.centre.add_member("GOV", "2")
    server.add_certificate("signing", "C=EX, O=GOV, CN=2", "sign", "--member", NEXT_OWNER)
    country.register_client(server, NEXT_OWNER)
    server.wait_for_status(NEXT_OWNER, "registered")
    country.approve(server.registration("change-owner", "--client", NEXT_OWNER))
    wait_until(lambda: server.registrations()["server"] == NEXT_SERVER, "the server has another owner", pause=0.3,
               instead=server.log)
    told = server.registrations()
    check(told["configured"] == SERVER, "server.yaml has the one before")
    for client in OWNER, NEXT_OWNER, TAX, APP:
        server.wait_for_status(client, "registered")
    wait_for_answer(server, APP, TAX, "messages are exchanged under the new owner")
    done = []

    def asks():
        done.append(server.ask("change-address", "--address", "localhost"))
        return done[-1][0]
    wait_until(asks, "the new owner makes requests", pause=0.5, instead=lambda: done[-1][1])
    check(centre.do("GET", at_centre(NEXT_SERVER))["server_address"] == "localhost", "the server has moved")
    wait_until(lambda: (server.registrations()["address"], server.registrations()["address_change"])
               == ("localhost", None), "which it learns")
    check(refused(server, "change-address", "--address", "localhost") == "same_address_change_request",
          "and where it is already")
    check(refused(server, "begin-maintenance") == "forbidden_enable_maintenance_mode_for_management_service",
          "the server of the management services stays in use")
    check(refused(server, "change-owner", "--client", NEXT_OWNER) == "member_already_owner", "it is the owner")
    is_killed(server)
    check(server.registrations()["server"] == NEXT_SERVER, "also after a start")


def is_deleted(country, server):
    server.registration("delete-client", "--client", APP)
    wait_for_refusal(server, APP, TAX, UNKNOWN, "a deleted client is refused")
    check(server.client_status(APP) == "deletion in progress", "its registration is taken back")
    at = f"{at_centre(NEXT_SERVER)}/clients"
    check(encoded(APP) not in [client["client_id"]["encoded_id"] for client in country.centre.do("GET", at)],
          "and is none any more")
    check(refused(server, "delete-client", "--client", APP) == "action_not_possible", "once")
    check(refused(server, "delete-client", "--client", NEXT_OWNER) == "cannot_unregister_owner", "the owner stays")


def main(causeway):
    with tempfile.TemporaryDirectory(prefix="causeway-registration-") as scratch, Register() as register, \
            FoundedCountry(causeway, pathlib.Path(scratch) / "ex", "EX", "127.0.0.", Ports()) as country:
        country.found(MANAGEMENT)
        server = country.prepare_server(SERVER, parameters="")
        registers(server, country.centre)
        has_clients(country, server, register.url)
        clients_are_registered(country, server)
        is_renamed(server, country.centre)
        is_disabled_and_enabled(server)
        the_administrator_decides(country, server, register.url)
        has_another_owner(country, server)
        is_deleted(country, server)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
