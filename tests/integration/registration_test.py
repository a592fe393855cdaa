#!/usr/bin/env python3
"""A Security Server registers its first certificate at a Central Server, then offers the management services
and asks for more through the exchange: all are programs, and what they say to each other goes over HTTPS."""
import json
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
import ecosystem  # noqa: E402
from central_server import CentralServer  # noqa: E402
from checks import PATIENCE, check, wait_until  # noqa: E402

PROFILE = "ee.ria.xroad.common.certificateprofile.impl.EjbcaCertificateProfileInfoProvider"
PIN = "Secret1234"


class Program:
    """A process of causeway that runs until it is told to end."""

    def __init__(self, causeway, log, *words):
        with open(log, "a") as out:
            self.process = subprocess.Popen([str(word) for word in (causeway, *words)], stdout=out, stderr=out)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


class World:
    def __init__(self, causeway, scratch):
        self.causeway, self.scratch = causeway, scratch
        self.directory = scratch / "ss1"
        self.ca_port, self.last = ecosystem.free_port(), ""

    def run(self, *words, stdin="", fails=False):
        done = subprocess.run([str(word) for word in (self.causeway, *words)], capture_output=True, text=True,
                              input=stdin, timeout=PATIENCE)
        if (done.returncode != 0) != fails:
            check(False, f"causeway {' '.join(map(str, words))}: {done.stderr[-500:]}")
        return done.stderr if fails else done.stdout

    def signer(self, *words, stdin=""):
        return self.run("signer", *words, "--dir", self.directory, stdin=stdin)

    def registration(self, *words, fails=False):
        return self.run("ctl", "registration", *words, "--dir", self.directory, fails=fails)

    def has_instance(self, centre):
        centre.initialize()
        registry = sqlite3.connect(centre.directory / "central-server.db", timeout=30)
        with registry:  # other servers may have port 4001 here
            registry.execute("UPDATE system_parameter SET value = ? WHERE name = 'authCertRegUrl'",
                             (f"https://127.0.0.1:{centre.registration_port}/managementservice/",))
        registry.close()
        centre.login()
        centre.add_key("INTERNAL")
        centre.do("POST", "/member-classes", {"code": "GOV", "description": "Government"})
        centre.do("POST", "/members", {"member_name": "Agency", "member_id": {"member_class": "GOV",
                                                                              "member_code": "1"}})
        centre.do("POST", "/subsystems", {"subsystem_id": {"member_class": "GOV", "member_code": "1",
                                                           "subsystem_code": "management"}})
        centre.do("PATCH", "/management-services-configuration", {"service_provider_id": "EX:GOV:1:management"})
        with_ca = upload({"certificate_profile_info": PROFILE, "tls_auth": "false", "default_csr_format": "PEM"},
                         "certificate", (self.scratch / "ca" / "ca.pem").read_bytes())
        service = send_form(centre, "/certification-services", with_ca)
        responder = upload({"url": f"http://127.0.0.1:{self.ca_port}/ocsp", "cost_type": "FREE"}, "certificate",
                           (self.scratch / "ca" / "ocsp.pem").read_bytes())
        send_form(centre, f"/certification-services/{service['id']}/ocsp-responders", responder)
        wait_until(lambda: centre.directory_of(6), "the Central Server publishes", instead=centre.log)

    def has_server(self, centre):
        (self.directory / "conf.d").mkdir(parents=True)
        ports = {name: ecosystem.free_port() for name in ("client-http-port", "client-https-port", "server-listen-port",
                                                          "ocsp-responder-port")}
        ports["server-port"] = ports["server-listen-port"]
        lines = "".join(f"{name} = {port}\n" for name, port in ports.items())
        (self.directory / "conf.d" / "local.ini").write_text(
            f"[proxy]\n{lines}[configuration-client]\nupdate-interval = 1\n")
        (self.directory / "server.yaml").write_text("version: 1\nserver: EX/GOV/1/ss1\nclients:\n  - id: EX/GOV/1\n")
        status, _, anchor = centre.open("GET", "/api/v1/configuration-sources/INTERNAL/anchor/download", None,
                                        {"Authorization": f"X-Road-ApiKey token={centre.key}"})
        check(status == 200, "the anchor is downloaded")
        (self.directory / "configuration-anchor.xml").write_bytes(anchor)

    def provides_management_services(self, centre):
        """As their WSDL and the Central Server's addresses say."""
        stamps = upload({"url": f"http://127.0.0.1:{self.ca_port}/tsa", "cost_type": "FREE"}, "certificate",
                        (self.scratch / "ca" / "tsa.pem").read_bytes())
        send_form(centre, "/timestamping-services", stamps)
        centre.do("POST", "/management-services-configuration/register-provider",
                  {"security_server_id": "EX:GOV:1:ss1"})
        description = centre.get("/managementservices.wsdl").decode()
        services = re.findall(r'<wsdl:operation name="(\w+)">\s*<soap:', description)
        check(len(services) == 10, f"ten services are described: {services}")
        door = f"https://127.0.0.1:{centre.management_port}/managementservice/manage/"
        offered = "".join(f"      - {{code: {code}, type: wsdl, url: '{door}', verify_tls: false,"
                          f" description: 'http://127.0.0.1:{centre.port}/managementservices.wsdl'}}\n"
                          for code in services)
        rights = "".join(f"      {code}: [global_group: EX/security-server-owners]\n" for code in services)
        changed = self.scratch / "server.yaml"
        changed.write_text(f"version: 1\nserver: EX/GOV/1/ss1\n"
                           f"timestamping_urls: ['http://127.0.0.1:{self.ca_port}/tsa']\n"
                           "clients:\n  - id: EX/GOV/1\n  - id: EX/GOV/1/management\n"
                           f"    services:\n{offered}    rights:\n{rights}")
        changed.rename(self.directory / "server.yaml")

    def has_certificate(self, usage, subject, kind, *member):
        """Of a new key; the signer's id of it."""
        made = self.signer("generate-key", "--label", usage)
        key = re.search(r"[0-9A-F]{16,}", made).group()
        csr, issued = self.scratch / f"{usage}.csr", self.scratch / f"{usage}.pem"
        self.signer("generate-csr", "--key", key, "--usage", usage, "--subject", subject, "--out", str(csr), *member)
        self.run("test-ca", "issue", "--dir", self.scratch / "ca", "--type", kind, "--out", issued, csr)
        self.signer("import-certificate", str(issued))
        return next(known["certificates"][0]["id"] for known in self.keys() if known["id"] == key)

    def keys(self):
        listed = json.loads(self.signer("list-tokens", "--json"))
        tokens = listed if isinstance(listed, list) else listed["tokens"]
        return [key for token in tokens for key in token["keys"]]

    def status(self, certificate):
        return next(each["status"] for key in self.keys() for each in key["certificates"] if each["id"] == certificate)

    def log(self):
        return (self.scratch / "ss1.log").read_text()[-3000:]


def upload(fields, name, octets):
    """Content type and octets of a form with a file."""
    boundary = uuid.uuid4().hex
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
             for key, value in fields.items()]
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.pem"\r\n'
                 "Content-Type: application/octet-stream\r\n\r\n".encode() + octets + b"\r\n")
    return f"multipart/form-data; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()


def send_form(centre, path, form):
    status, _, octets = centre.open("POST", "/api/v1" + path, form[1],
                                    {"Authorization": f"X-Road-ApiKey token={centre.key}", "Content-Type": form[0]})
    check(status == 201, f"POST {path}: {status} {octets[:200]}")
    return json.loads(octets)


def registers(world, centre):
    signing = world.has_certificate("signing", "C=EX, O=GOV, CN=1", "sign", "--member", "EX/GOV/1")
    authentication = world.has_certificate("authentication", "C=EX, O=GOV, CN=ss1", "auth")
    check(world.status(signing) == "registered" and world.status(authentication) == "saved", "what was imported")
    wait_until(lambda: any((world.directory / "ocsp").glob("*.ocsp")), "there is an OCSP response", instead=world.log)
    command = ["register-certificate", "--certificate", authentication, "--address", "127.0.0.1"]
    check("would take" in world.registration(*command, "--dry-run"), "the centre would take it")
    check("number 1" in world.registration(*command), "the centre has taken it")
    check("management_request_exists" in world.registration(*command, fails=True), "once")
    check(world.status(authentication) == "registration in progress", "and it is under way")
    request = centre.do("GET", "/management-requests/1")
    check((request["status"], request["origin"]) == ("WAITING", "SECURITY_SERVER"), "it waits for an officer")
    centre.do("POST", "/management-requests/1/approval")
    centre.do("GET", "/security-servers/EX:GOV:1:ss1")
    wait_until(lambda: world.status(authentication) == "registered", "the server learns that it is registered",
               instead=world.log)


def asks_through_the_exchange(world, centre):
    """The requests that the server sends to the management services, which it offers itself."""
    world.provides_management_services(centre)
    join = ["register-client", "--client", "EX/GOV/1/tax", "--name", "Taxes"]

    def sent():
        done = subprocess.run([world.causeway, "ctl", "registration", *join, "--dir", world.directory],
                              capture_output=True, text=True, timeout=PATIENCE)
        world.last = done.stderr
        return done.returncode == 0
    wait_until(sent, "a client is asked to be registered", instead=lambda: world.last + world.log())
    number = centre.do("GET", "/management-requests?types=CLIENT_REGISTRATION_REQUEST&status=WAITING")["items"][0]["id"]
    centre.do("POST", f"/management-requests/{number}/approval")
    world.registration("rename-client", "--client", "EX/GOV/1/tax", "--name", "Taxes and duties")
    clients = centre.do("GET", "/security-servers/EX:GOV:1:ss1/clients")
    check("Taxes and duties" in [client.get("subsystem_name") for client in clients], "it is a client, with a name")
    world.registration("delete-client", "--client", "EX/GOV/1/tax")
    check(len(centre.do("GET", "/security-servers/EX:GOV:1:ss1/clients")) == 1, "and is none any more")
    world.registration("change-address", "--address", "localhost")
    check(centre.do("GET", "/security-servers/EX:GOV:1:ss1")["server_address"] == "localhost", "the server has moved")
    check("mr_forbidden_enable_maintenance_mode" in world.registration("begin-maintenance", fails=True),
          "the server of the management services stays in use")


def main(causeway):
    with tempfile.TemporaryDirectory(prefix="causeway-registration-") as scratch:
        scratch = pathlib.Path(scratch)
        world = World(causeway, scratch)
        world.run("test-ca", "--ec", "init", "--dir", scratch / "ca")
        settings = "global-configuration-generation-rate-in-seconds = 1\n"
        with Program(causeway, scratch / "ca.log", "test-ca", "--dir", scratch / "ca", "--port", world.ca_port), \
                CentralServer(causeway, scratch / "cs", settings) as centre:
            world.has_instance(centre)
            world.has_server(centre)
            with Program(causeway, scratch / "ss1.log", "security-server", "--dir", world.directory):
                wait_until(lambda: (world.directory / "run" / "signer.sock").exists(), "the signer runs",
                           instead=world.log)
                world.signer("init-token", stdin=f"{PIN}\n{PIN}\n")
                world.signer("login", stdin=f"{PIN}\n")
                registers(world, centre)
                asks_through_the_exchange(world, centre)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
