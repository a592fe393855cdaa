"""A Central Server as a program: `causeway central-server run` in a directory of its own, asked over HTTPS
as a script would ask it."""
import json
import os
import pathlib
import signal
import sqlite3
import ssl
import subprocess
import urllib.error
import urllib.request
import uuid

import ecosystem
from checks import PATIENCE, check, wait_until
from signed_directory import SignedDirectory

PIN = "Secret-1234"
ROLES = ["XROAD_REGISTRATION_OFFICER", "XROAD_SECURITY_OFFICER", "XROAD_SYSTEM_ADMINISTRATOR"]


# Of a parameter that no operation sets, as in X-Road.
VALIDITY = ("INSERT INTO system_parameter (name, node, value) VALUES ('confExpireIntervalSeconds', '', '{0}') "
            "ON CONFLICT (name, node) DO UPDATE SET value = '{0}'")


class CentralServer:
    address = "127.0.0.1"  # by which others know it
    environment = {}  # variables of its processes, beside those of this one

    def __init__(self, causeway, directory, settings=""):
        self.causeway, self.directory = causeway, pathlib.Path(directory)
        self.admin_port, self.port, self.tls_port, self.registration_port, self.management_port = (
            ecosystem.free_port() for _ in range(5))
        (self.directory / "conf.d").mkdir(parents=True, exist_ok=True)
        (self.directory / "conf.d" / "local.ini").write_text(
            "[center]\nlisten-address = 127.0.0.1\n"
            f"listen-port = {self.port}\nlisten-tls-port = {self.tls_port}\n"
            f"[registration-service]\nlisten-port = {self.registration_port}\nrate-limit-enabled = false\n"
            f"[management-service]\nlisten-address = 127.0.0.1\nlisten-port = {self.management_port}\n"
            "rate-limit-enabled = false\n"
            "[admin-service]\nlisten-address = 127.0.0.1\n"
            f"listen-port = {self.admin_port}\nrate-limit-enabled = false\n{settings}")
        self.statuses = []  # of all answers
        self.process = self.key = None

    def say(self, *words, stdin="", patience=PATIENCE):
        """A command beside the server: exit code and what was printed."""
        done = subprocess.run([str(self.causeway), "central-server", *words, "--dir", str(self.directory)],
                              capture_output=True, text=True, input=stdin, timeout=patience)
        self.error = done.stderr
        return done.returncode, done.stdout

    def make_key(self, *roles):
        code, key = self.say("api-key", *(word for role in roles or ROLES for word in ("--role", role)))
        check(code == 0, f"an API key is made {self.error}")
        return key.strip()

    def start(self):
        self.key = self.key or self.make_key()
        with open(self.directory / "log", "a") as log:
            self.process = subprocess.Popen([str(self.causeway), "central-server", "run", "--dir", str(self.directory)],
                                            stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **self.environment})
        wait_until(lambda: self.pids().get("ready"), "the Central Server is ready", instead=self.log)
        return self

    def stop(self):
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def log(self):
        return (self.directory / "log").read_text()[-3000:]

    def pids(self):
        try:
            known = json.loads((self.directory / "run" / "pids.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return known if self.process and known["supervisor"] == self.process.pid else {}

    def tls(self):
        return ssl.create_default_context(cafile=str(self.directory / "ssl" / "center-admin-service.crt"))

    def open(self, method, path, body=None, headers=None):
        """Status, headers and octets of an answer of the administration interface."""
        octets = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"https://127.0.0.1:{self.admin_port}{path}", octets, method=method,
                                         headers=headers or {})
        if isinstance(body, (dict, list)):
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=60, context=self.tls()) as answer:
                seen = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            seen = error.code, error.headers, error.read()
        self.statuses.append((seen[0], method, path))
        return seen

    def ask(self, method, path, body=None, key=None):
        """Status and JSON of an operation."""
        status, _, octets = self.open(method, "/api/v1" + path, body,
                                      {"Authorization": f"X-Road-ApiKey token={key or self.key}"})
        try:
            return status, json.loads(octets) if octets else None
        except json.JSONDecodeError:
            return status, octets

    def do(self, method, path, body=None, expect=(200, 201, 204)):
        status, answer = self.ask(method, path, body)
        check(status in expect, f"{method} {path}: {status} {answer if status not in expect else ''}")
        return answer

    def code(self, method, path, body=None):
        """Status and error code of an operation that is refused."""
        status, answer = self.ask(method, path, body)
        return status, (answer or {}).get("error", {}).get("code")

    def initialize(self, instance="EX"):
        self.do("POST", "/initialization", {"instance_identifier": instance, "central_server_address": self.address,
                                            "software_token_pin": PIN})

    def validity(self, seconds):
        """Of what is published from now on."""
        registry = sqlite3.connect(self.directory / "central-server.db", timeout=PATIENCE)
        with registry:
            registry.execute(VALIDITY.format(seconds))
        registry.close()

    def login(self):
        return self.do("PUT", "/tokens/0/login", {"password": PIN})

    def add_key(self, source, label="key"):
        return self.do("POST", f"/configuration-sources/{source}/signing-keys", {"key_label": label, "token_id": "0"})

    def add_member(self, member_class, code, name=None):
        self.do("POST", "/members", {"member_name": name or f"Member {code}",
                                     "member_id": {"member_class": member_class, "member_code": code}})

    def add_provider(self, provider):
        """Of the management requests: a subsystem of a member that is there, EX:GOV:1:management."""
        _, member_class, code, subsystem = provider.split(":")
        self.do("POST", "/subsystems", {"subsystem_id": {"member_class": member_class, "member_code": code,
                                                         "subsystem_code": subsystem}})
        self.do("PATCH", "/management-services-configuration", {"service_provider_id": provider})

    def anchor(self, source):
        status, _, octets = self.open("GET", f"/api/v1/configuration-sources/{source}/anchor/download", None,
                                      {"Authorization": f"X-Road-ApiKey token={self.key}"})
        check(status == 200, f"the {source} anchor is downloaded")
        return octets

    def send_form(self, path, fields, file, content, suffix="pem"):
        """What is made of a form with a file."""
        boundary = uuid.uuid4().hex
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                 for name, value in fields.items()]
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{file}"; filename="{file}.{suffix}"\r\n'
                     "Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n")
        status, _, octets = self.open("POST", "/api/v1" + path, b"".join(parts) + f"--{boundary}--\r\n".encode(),
                                      {"Authorization": f"X-Road-ApiKey token={self.key}",
                                       "Content-Type": f"multipart/form-data; boundary={boundary}"})
        check(status == 201, f"POST {path}: {status} {octets[:200] if status != 201 else ''}")
        return json.loads(octets)

    def get(self, path):
        """Octets of a path of the configuration; None where there is nothing."""
        try:
            with urllib.request.urlopen(f"http://{self.address}:{self.port}{path}", timeout=30) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            assert error.code == 404, error
            return None

    def directory_of(self, version, source="internalconf"):
        document = self.get(f"/{source}?version={version}")
        return SignedDirectory(document) if document else None
