#!/usr/bin/env python3
"""A Security Server registers its first certificate at a Central Server: both are programs, and what one says
to the other goes over HTTPS."""
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
from checks import check, wait_until  # noqa: E402
from founded_country import FoundedCountry  # noqa: E402
from founded_server import Ports  # noqa: E402


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
    centre.do("GET", "/security-servers/EX:GOV:1:ss1")
    wait_until(lambda: server.status(authentication) == "registered", "the server learns that it is registered",
               instead=server.log)


def main(causeway):
    with tempfile.TemporaryDirectory(prefix="causeway-registration-") as scratch:
        with FoundedCountry(causeway, pathlib.Path(scratch) / "ex", "EX", "127.79.9.", Ports()) as country:
            country.found("EX/GOV/1/management")
            registers(country.prepare_server("EX/GOV/1/ss1"), country.centre)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
