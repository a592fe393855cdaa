#!/usr/bin/env python3
"""A Security Server registers its first certificate at a Central Server, and then asks for more through the exchange:
both are programs, and what one says to the other goes over HTTPS."""
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
from checks import check, wait_until  # noqa: E402
from founded_country import FoundedCountry  # noqa: E402
from founded_server import Ports  # noqa: E402

SERVER, CLIENT, MANAGEMENT = "EX/GOV/1/ss1", "EX/GOV/1/tax", "EX/GOV/1/management"
AT_CENTRE = f"/security-servers/{SERVER.replace('/', ':')}"


def registers(server, centre):
    signing, authentication = server.add_certificates()
    check(server.status(signing) == "registered" and server.status(authentication) == "saved", "what was imported")
    command = ["register-certificate", "--certificate", authentication, "--address", server.address]
    check("would take" in server.registration(*command, "--dry-run"), "the centre would take it")
    check("number 1" in server.registration(*command), "the centre has taken it")
    check("management_request_exists" in server.registration(*command, fails=True), "once")
    check(server.status(authentication) == "registration in progress", "and it is under way")
    request = centre.do("GET", "/management-requests/1")
    check((request["status"], request["origin"]) == ("WAITING", "SECURITY_SERVER"), "it waits for an officer")
    centre.do("POST", "/management-requests/1/approval")
    centre.do("GET", AT_CENTRE)
    wait_until(lambda: server.status(authentication) == "registered", "the server learns that it is registered",
               instead=server.log)


def offers_management_services(country, server):
    country.centre.do("POST", "/management-services-configuration/register-provider",
                      {"security_server_id": SERVER.replace("/", ":")})
    description = country.centre.get("/managementservices.wsdl").decode()
    services = re.findall(r'<wsdl:operation name="(\w+)">\s*<soap:', description)
    client = country.management_client(MANAGEMENT)
    check(sorted(services) == sorted(service["code"] for service in client["services"]) and len(services) == 10,
          f"ten services are described: {services}")
    server.configure([client], f"{country.trust}/tsa")


def asks_through_the_exchange(country, server):
    """The requests that the server sends to the management services, which it offers itself."""
    centre = country.centre
    country.register_client(server, CLIENT, "--name", "Taxes")
    server.registration("rename-client", "--client", CLIENT, "--name", "Taxes and duties")
    clients = centre.do("GET", f"{AT_CENTRE}/clients")
    check("Taxes and duties" in [client.get("subsystem_name") for client in clients], "it is a client, with a name")
    server.registration("delete-client", "--client", CLIENT)
    check(len(centre.do("GET", f"{AT_CENTRE}/clients")) == 1, "and is none any more")
    server.registration("change-address", "--address", "localhost")
    check(centre.do("GET", AT_CENTRE)["server_address"] == "localhost", "the server has moved")
    check("mr_forbidden_enable_maintenance_mode" in server.registration("begin-maintenance", fails=True),
          "the server of the management services stays in use")


def main(causeway):
    with tempfile.TemporaryDirectory(prefix="causeway-registration-") as scratch, \
            FoundedCountry(causeway, pathlib.Path(scratch) / "ex", "EX", "127.0.0.", Ports()) as country:
        country.found(MANAGEMENT)
        server = country.prepare_server(SERVER)
        registers(server, country.centre)
        offers_management_services(country, server)
        asks_through_the_exchange(country, server)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
