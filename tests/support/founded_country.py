"""A country founded by calls of the Central Server's administration interface and of the commands of Security Servers,
and nothing else."""
import io
import re
import tarfile

import ecosystem
import information_system
from central_server import CentralServer
from checks import check, wait_until
from founded_server import FoundedServer
from program import Program, run

PROFILE = "ee.ria.xroad.common.certificateprofile.impl.EjbcaCertificateProfileInfoProvider"
MANAGEMENT_SERVICES = ["clientReg", "clientDeletion", "clientDisable", "clientEnable", "clientRename", "ownerChange",
                       "authCertDeletion", "addressChange", "maintenanceModeEnable", "maintenanceModeDisable"]
ACTIVATION = "[proxy-ui-api]\nautomatic-activate-auth-certificate = true\n"
ROUNDS = "global-configuration-generation-rate-in-seconds = 1\n"


def named(instance):
    """Who takes part in a country: servers, the management services, provider and consumer."""
    return {"provider_server": f"{instance}/GOV/1/ss1", "consumer_server": f"{instance}/GOV/2/ss2",
            "management": f"{instance}/GOV/1/management", "register": f"{instance}/GOV/1/register",
            "app": f"{instance}/GOV/2/app"}


class FoundedCountry:
    """Its centre and trust services run inside the block, and the Security Servers that are added to it."""

    def __init__(self, causeway, directory, instance, network, ports, centre=None):
        """`centre`: a Central Server to start in the place of one of its own."""
        self.causeway, self.directory, self.id, self.network, self.ports = causeway, directory, instance, network, ports
        self.test_ca = directory / "test-ca"
        self.trust_port = ecosystem.free_port()
        self.trust = f"http://127.0.0.1:{self.trust_port}"
        self.servers = {}
        self.centre = centre or CentralServer(causeway, directory / "centre", ROUNDS)

    def __enter__(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        run(self.causeway, "test-ca", "--ec", "--name", "Trust", "init", "--dir", self.test_ca)
        self.trust_services = Program(self.causeway, self.directory / "test-ca.log", "test-ca", "--dir", self.test_ca,
                                      "--port", self.trust_port)
        self.centre.start()
        return self

    def __exit__(self, *_):
        for server in self.servers.values():
            server.__exit__()
        self.centre.stop()
        self.trust_services.__exit__()

    def found(self, management):
        """`management`: the subsystem that serves the management requests, EX/GOV/1/management."""
        _, member_class, member, _ = management.split("/")
        self.centre.initialize(self.id)
        self.centre.login()
        for source in "INTERNAL", "EXTERNAL":
            self.centre.add_key(source)
        self.centre.do("POST", "/member-classes", {"code": member_class, "description": member_class})
        self.centre.add_member(member_class, member)
        self.centre.add_provider(management.replace("/", ":"))
        self.trusts_services()
        wait_until(lambda: self.centre.directory_of(6), f"{self.id} publishes", instead=self.centre.log)

    def trusts_services(self):
        pem = {name: (self.test_ca / f"{name}.pem").read_bytes() for name in ("root", "ca", "root-ocsp", "ocsp", "tsa")}
        settings = {"certificate_profile_info": PROFILE, "tls_auth": "false", "default_csr_format": "PEM"}
        responder = {"url": f"{self.trust}/ocsp", "cost_type": "FREE"}
        service = self.centre.send_form("/certification-services", settings, "certificate", pem["root"])
        self.centre.send_form(f"/certification-services/{service['id']}/ocsp-responders", responder, "certificate",
                              pem["root-ocsp"])
        issuing = self.centre.send_form(f"/certification-services/{service['id']}/intermediate-cas", {}, "certificate",
                                        pem["ca"])
        self.centre.send_form(f"/intermediate-cas/{issuing['id']}/ocsp-responders", responder, "certificate",
                              pem["ocsp"])
        self.centre.send_form("/timestamping-services", {"url": f"{self.trust}/tsa", "cost_type": "FREE"},
                              "certificate", pem["tsa"])

    def prepare_server(self, id, parameters=ACTIVATION, environment=None):
        """One that nobody knows yet."""
        address = f"{self.network}{len(self.servers) + 1}"
        server = FoundedServer(self.causeway, self.directory / id.rsplit("/", 1)[1], id, address, self.ports,
                               self.centre.anchor("INTERNAL"), self.test_ca, parameters, environment)
        self.servers[id] = server
        return server

    def add_server(self, id, environment=None):
        """One that registers itself."""
        server = self.prepare_server(id, environment=environment)
        _, authentication = server.add_certificates()
        said = server.registration("register-certificate", "--certificate", authentication, "--address", server.address)
        self.approve(said)
        wait_until(lambda: server.status(authentication) == "registered", f"{id} learns that it is registered",
                   instead=server.log)
        return server

    def exchanges(self, register_url, callers, environments=(None, None)):
        """The two servers of `named`, provider and consumer, whose register at `register_url` the `callers` may ask."""
        names = named(self.id)
        self.centre.add_member("GOV", "2")
        provider = self.add_server(names["provider_server"], environments[0])
        self.centre.do("POST", "/management-services-configuration/register-provider",
                       {"security_server_id": names["provider_server"].replace("/", ":")})
        register = information_system.register_client(names["register"], register_url, callers)
        provider.configure([self.management_client(names["management"]), register], f"{self.trust}/tsa")
        self.register_client(provider, names["register"])
        consumer = self.add_server(names["consumer_server"], environments[1])
        consumer.configure([{"id": names["app"], "connection": "http"}], f"{self.trust}/tsa")
        self.register_client(consumer, names["app"])
        return provider, consumer

    def echo(self):
        """Where the consumer's information system asks the register."""
        names = named(self.id)
        consumer = self.servers[names["consumer_server"]]
        return f"http://{consumer.address}:{consumer.ports.http}/r1/{names['register']}/echo"

    def approve(self, said):
        """The request whose number a Security Server was told."""
        number = re.search(r"number (\d+)", said).group(1)
        check(self.centre.do("GET", f"/management-requests/{number}")["status"] == "WAITING",
              f"request {number} waits for an officer")
        self.centre.do("POST", f"/management-requests/{number}/approval")

    def register_client(self, server, client, *options):
        """By a request that goes through the exchange; as soon as it gets there."""
        said = []

        def sent():
            done, text = server.ask("register-client", "--client", client, *options)
            said.append(text)
            return done
        wait_until(sent, f"{client} asks to be registered", pause=0.5, instead=lambda: said[-1] + server.log())
        self.approve(said[-1])

    def management_client(self, id):
        """How server.yaml has the subsystem that offers the management services."""
        told = self.centre.do("GET", "/management-services-configuration")
        _, _, octets = self.centre.open("GET", "/api/v1/management-services-configuration/download-certificate", None,
                                        {"Authorization": f"X-Road-ApiKey token={self.centre.key}"})
        with tarfile.open(fileobj=io.BytesIO(octets)) as archive:
            name = next(name for name in archive.getnames() if name.endswith(".pem"))
            certificate = archive.extractfile(name).read().decode()
        services = [{"code": code, "type": "wsdl", "description": told["wsdl_address"], "url": told["services_address"]}
                    for code in MANAGEMENT_SERVICES]
        owners = {"global_group": f"{self.id}/{told['security_server_owners_global_group_code']}"}
        return {"id": id, "certificates": [certificate], "services": services,
                "rights": {code: [owners] for code in MANAGEMENT_SERVICES}}
