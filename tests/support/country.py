"""The countries of a running ecosystem, and how what others trust in them is changed."""
import base64
import datetime
import json
import os
import pathlib
import re
import signal
import subprocess
import time

from checks import PATIENCE
from security_server import SecurityServer

# What a proxy says when it has taken up another one of these.
KEYS = "[proxy] keys usable:"
CAN_SHOW = KEYS + " authentication until"
CANNOT_SHOW = KEYS + " authentication not"
CONFIGURED = "[proxy] server configuration of"
# Seconds for which a configuration is valid, unless that is changed.
VALIDITY = 600


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Server(SecurityServer):
    """One whose log is read: it says when it has taken something up."""

    def __init__(self, causeway, description, log, pin):
        super().__init__(causeway, description)
        self.consumer_http = description["consumer_http"]
        self.address, port = description["transport"].split(":")
        self.transport_port = int(port)
        self.log, self.pin = log, pin
        self.seen = log.stat().st_size if log.exists() else 0

    def mark(self):
        """What is said from now on counts."""
        self.seen = self.log.stat().st_size

    def said(self):
        with open(self.log, "rb") as log:
            log.seek(self.seen)
            return log.read().decode(errors="replace")

    def wait_for(self, *texts):
        """Until each was said since the mark."""
        begin = time.time()
        while not all(text in self.said() for text in texts):
            if time.time() > begin + PATIENCE:
                raise SystemExit(f"FAILED: {self.id} does not say {texts}\n{self.said()[-2000:]}")
            time.sleep(0.02)

    def signal(self, process, number):
        os.kill(self.process(process), number)

    def signer(self, *words):
        done = subprocess.run([str(word) for word in (self.causeway, "signer", *words, "--dir", self.directory,
                                                      "--json")],
                              capture_output=True, text=True, timeout=PATIENCE, input=self.pin + "\n")
        if done.returncode != 0:
            raise SystemExit(f"FAILED: signer {words}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def when_it_says(self, texts, act):
        """Acts; returns when each of the texts was said since."""
        self.mark()
        act()
        self.wait_for(*texts)

    def certificates(self):
        """(key, certificate) of the token, in its order."""
        return [(key, certificate) for token in self.signer("list-tokens") for key in token["keys"]
                for certificate in key["certificates"]]

    @property
    def configuration(self):
        return (self.directory / "server.yaml").read_text()

    def configure_server(self, text):
        """A new server.yaml; returns when the proxy has it."""
        draft = self.directory / "server.yaml.new"
        draft.write_text(text)
        self.when_it_says([CONFIGURED], lambda: draft.rename(self.directory / "server.yaml"))


class Country:
    def __init__(self, causeway, root, description):
        self.causeway, self.id = causeway, description["id"]
        self.folder = root / self.id.lower()
        self.test_ca = description["test_ca"]
        self.servers = {}
        for server in description["security_servers"]:
            name = server["id"].split("/")[3]
            self.servers[name] = Server(causeway, server, root / "log" / f"{self.id.lower()}-{name}.log",
                                        description["credentials"]["token_pin"])
        self.provider, self.consumer = self.servers["ss1"], self.servers["ss2"]

    def publish(self, **changes):
        """The country's plan but for these; returns when it is published, what a proxy says that
        has it."""
        directory = self.folder / "central" / "public" / "V6" / "internalconf"
        before = directory.read_text()
        time.sleep(max(0, directory.stat().st_mtime + 1.01 - time.time()))  # to be told from it by its time
        draft = self.folder / "central" / "changes.new"
        draft.write_text(json.dumps(changes) if changes else "")
        draft.rename(self.folder / "central" / "changes.json")
        validity = changes.get("validity", VALIDITY)
        begin = time.time()
        while True:
            text = directory.read_text()
            expires = re.search(r"Expire-date: *(\S+)", text).group(1)
            # One that is valid for seconds is renewed every second: another text is not yet this one.
            if text != before and abs(moment(expires) - time.time() - validity) < validity / 2 + 1:
                return f"{self.id} until {expires}"
            if time.time() > begin + PATIENCE:
                raise SystemExit(f"FAILED: {self.id} does not publish {changes}")
            time.sleep(0.02)

    def revoke(self, entry, revoked=True):
        """A certificate as the signer lists it."""
        subprocess.run([self.causeway, "test-ca", "revoke" if revoked else "unrevoke", "--dir",
                        self.test_ca["directory"], serial_of(base64.b64decode(entry["certificate"]))],
                       check=True, timeout=PATIENCE)

    def issue(self, request, kind):
        """The file of the certificate that the authority gives for this request."""
        file, out = self.folder / "request.der", self.folder / "issued.pem"
        file.write_bytes(request)
        subprocess.run([self.causeway, "test-ca", "issue", "--dir", self.test_ca["directory"], "--type", kind, "--out",
                        out, file], check=True, timeout=PATIENCE)
        return out


def take_up(servers, *texts):
    """Has the servers fetch configuration and OCSP responses; returns when the proxies have said so."""
    for server in servers:
        server.mark()
        server.signal("admin", signal.SIGHUP)
    for server in servers:
        server.wait_for(*texts)


def serial_of(certificate):
    """Decimal; of a certificate in DER, whose first integers are the version and this."""
    at = certificate.index(b"\xa0\x03\x02\x01\x02\x02") + 6
    return str(int.from_bytes(certificate[at + 1:at + 1 + certificate[at]], "big"))
