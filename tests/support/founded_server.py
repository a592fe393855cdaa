"""A Security Server made from an empty directory by the commands of causeway, in place of what `causeway up` does."""
import json
import re
import subprocess
import time

import ecosystem
from checks import PATIENCE, wait_until
from program import Program, run

PIN = "Secret1234"


class Ports:
    """Which every Security Server has, each on an address of its own: the configuration tells addresses alone."""

    def __init__(self):
        self.http, self.https, self.transport, self.ocsp = (ecosystem.free_port() for _ in range(4))


class FoundedServer(Program):
    """`id`: of the server, EX/GOV/1/ss1. `parameters`: more lines of local.ini."""

    def __init__(self, causeway, directory, id, address, ports, anchor, test_ca, parameters="", environment=None):
        self.causeway, self.directory, self.id, self.address = causeway, directory, id, address
        self.owner, self.code = id.rsplit("/", 1)
        self.ports, self.test_ca = ports, test_ca
        (directory / "conf.d").mkdir(parents=True)
        (directory / "conf.d" / "local.ini").write_text(
            f"[proxy]\nconnector-host = {address}\nclient-http-port = {ports.http}\n"
            f"client-https-port = {ports.https}\nserver-listen-address = {address}\n"
            f"server-listen-port = {ports.transport}\nserver-port = {ports.transport}\n"
            f"ocsp-responder-listen-address = {address}\nocsp-responder-port = {ports.ocsp}\n"
            f"ocsp-responder-listen-port = {ports.ocsp}\n"
            f"[configuration-client]\nupdate-interval = 1\nallowed-federations = all\n{parameters}")
        (directory / "configuration-anchor.xml").write_bytes(anchor)
        self.configure([])
        super().__init__(causeway, directory.with_suffix(".log"), "security-server", "--dir", directory,
                         environment=environment)
        wait_until(lambda: (directory / "run" / "signer.sock").exists(), f"the signer of {id} runs", instead=self.log)
        self.signer("init-token", stdin=f"{PIN}\n{PIN}\n")
        self.signer("login", stdin=f"{PIN}\n")

    def configure(self, clients, timestamping=None):
        """server.yaml with these clients beside the owner, each as it stands there."""
        draft = self.directory / "server.yaml.new"
        draft.write_text(json.dumps({"version": 1, "server": self.id,
                                     "timestamping_urls": [timestamping] if timestamping else [],
                                     "clients": [{"id": self.owner}, *clients]}))
        draft.rename(self.directory / "server.yaml")

    def signer(self, *words, stdin=""):
        return run(self.causeway, "signer", *words, "--dir", self.directory, stdin=stdin)

    def registration(self, *words, fails=False):
        return run(self.causeway, "ctl", "registration", *words, "--dir", self.directory, fails=fails)

    def ask(self, *words):
        """A registration that may fail: whether it did not, and what was said."""
        done = subprocess.run([str(word) for word in (self.causeway, "ctl", "registration", *words, "--dir",
                                                      self.directory)],
                              capture_output=True, text=True, timeout=PATIENCE)
        return done.returncode == 0, done.stdout + done.stderr

    def add_certificate(self, usage, subject, kind, *member):
        """Of a new key; the signer's id of it."""
        made = self.signer("generate-key", "--label", usage)
        key = re.search(r"[0-9A-F]{16,}", made).group()
        csr, issued = self.directory / f"{usage}.csr", self.directory / f"{usage}.pem"
        self.signer("generate-csr", "--key", key, "--usage", usage, "--subject", subject, "--out", csr, *member)
        run(self.causeway, "test-ca", "issue", "--dir", self.test_ca, "--type", kind, "--out", issued, csr)
        self.signer("import-certificate", issued)
        return next(known["certificates"][0]["id"] for known in self.keys() if known["id"] == key)

    def add_certificates(self):
        """Ids of the owner's certificate for signing and the server's for authentication."""
        instance, member_class, member = self.owner.split("/")
        signing = self.add_certificate("signing", f"C={instance}, O={member_class}, CN={member}", "sign", "--member",
                                       self.owner)
        authentication = self.add_certificate("authentication", f"C={instance}, O={member_class}, CN={self.code}",
                                              "auth")
        wait_until(lambda: any((self.directory / "ocsp").glob("*.ocsp")), f"{self.id} has an OCSP response",
                   instead=self.log)
        return signing, authentication

    def keys(self):
        listed = json.loads(self.signer("list-tokens", "--json"))
        tokens = listed if isinstance(listed, list) else listed["tokens"]
        return [key for token in tokens for key in token["keys"]]

    def certificate(self, id):
        return next(each for key in self.keys() for each in key["certificates"] if each["id"] == id)

    def status(self, certificate):
        return self.certificate(certificate)["status"]

    def registrations(self):
        """The server as it knows itself, with its clients by their ids."""
        told = json.loads(self.registration("status", "--json"))
        return {**told, "clients": {client["id"]: client for client in told["clients"]}}

    def client_status(self, id):
        return self.registrations()["clients"][id]["status"]

    def wait_for_status(self, client, status):
        wait_until(lambda: self.client_status(client) == status, f"{client} is {status}", pause=0.3,
                   instead=lambda: self.client_status(client) + self.log())

    def sees(self):
        """How the global configuration fares, by run/admin-status.json."""
        return json.loads((self.directory / "run" / "admin-status.json").read_text())["global_configuration"]

    def fault(self):
        """Of the last attempt to download it: a code, or None."""
        return (self.sees()["fault"] or {}).get("code")

    def downloads_again(self, what):
        before = self.sees()["last_success"] or ""
        time.sleep(1.1)  # its times are in seconds
        wait_until(lambda: self.sees()["valid"] and not self.sees()["fault"] and self.sees()["last_success"] > before,
                   what, instead=lambda: str(self.sees()) + self.log())

    def shared_parameters(self):
        return (self.directory / "globalconf" / self.owner.partition("/")[0] / "shared-params.xml").read_text()

    def mark(self):
        """What it says from now on counts for said()."""
        self.seen = self.directory.with_suffix(".log").stat().st_size

    def said(self):
        with open(self.directory.with_suffix(".log"), "rb") as log:
            log.seek(self.seen)
            return log.read().decode(errors="replace")

    def log(self):
        return self.directory.with_suffix(".log").read_text()[-3000:]
