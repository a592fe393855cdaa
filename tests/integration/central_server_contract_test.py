#!/usr/bin/env python3
"""Every operation of the Central Server's administration interface against its description: who may use it, and
that whatever is sent gets an answer that the description has, and never a failure of the server's.

    central_server_contract_test.py CAUSEWAY [REQUESTS [SEED]]
"""
import base64
import http.client
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE.parent / "support"), str(ROOT / "demo")]
import yaml  # noqa: E402
from central_server import CentralServer  # noqa: E402
from checks import check  # noqa: E402
from openapi import OpenApi  # noqa: E402
from openapi_values import Requests  # noqa: E402

API = ROOT / "src" / "centralserver" / "api"
# What ends the run, or the means to go on with it: asked last of all.
LAST = {"logoutToken", "restoreBackup", "revokeApiKey", "updateApiKey", "deleteKey"}


class Client:
    """One connection, kept while the server keeps it."""

    def __init__(self, server):
        self.server, self.connection = server, None

    def send(self, method, path, headers, body):
        for attempt in 1, 2:
            if self.connection is None:
                self.connection = http.client.HTTPSConnection("127.0.0.1", self.server.admin_port, timeout=60,
                                                              context=self.server.tls())
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                seen = answer.status, answer.headers.get("Content-Type"), answer.read()
            except (http.client.HTTPException, OSError):
                # A server may close a connection whose last request it did not read to its end.
                self.connection.close()
                self.connection = None
                if attempt == 2:
                    raise
                continue
            if answer.will_close:
                self.connection.close()
                self.connection = None
            return seen

    def ask(self, operation, request, caller=None):
        headers = dict(request.headers)
        if caller:
            headers["Authorization"] = caller.password if "BasicAuth" in operation.logins else caller.key
        return self.send(request.method, request.path, headers, request.body)


class Caller:
    """Somebody with these roles, by an API key and by a password."""

    def __init__(self, server, *roles):
        self.key = f"X-Road-ApiKey token={server.make_key(*roles)}"
        name, password = "-".join(roles)[:200].lower(), "Pass-word-1"
        code, _ = server.say("user", "--name", name, *(word for role in roles for word in ("--role", role)),
                             stdin=password + "\n")
        check(code == 0, f"there is a user {name} {server.error}")
        self.password = "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def certificate(scratch):
    """DER and PEM of a CA."""
    pem, der = scratch / "ca.pem", scratch / "ca.der"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", scratch / "ca.key", "-out",
                    pem, "-days", "30", "-subj", "/C=EX/O=Test/CN=Contract CA"], check=True, capture_output=True)
    subprocess.run(["openssl", "x509", "-in", pem, "-outform", "DER", "-out", der], check=True)
    return der.read_bytes(), pem.read_bytes()


def filled(server):
    """Things that exist, by the names that parameters and fields have for them."""
    server.initialize()
    server.login()
    keys = [server.add_key(source)["id"] for source in ("INTERNAL", "EXTERNAL")]
    server.do("POST", "/member-classes", {"code": "GOV", "description": "Government"})
    server.do("POST", "/member-classes", {"code": "SPARE", "description": "Spare"})
    for code in "1", "2", "3":
        server.add_member("GOV", code)
        server.do("POST", "/subsystems", {"subsystem_id": {"member_class": "GOV", "member_code": code,
                                                           "subsystem_code": "sub"}})
    server.do("POST", "/global-groups", {"code": "group", "description": "Some"})
    server.do("POST", "/global-groups/group/members/add", {"items": ["EX:GOV:1:sub"]})
    members = ["EX:GOV:1", "EX:GOV:2", "EX:GOV:3"]
    subsystems = [member + ":sub" for member in members]
    return {"member_id": members, "subsystem_id": subsystems, "client_id": members + subsystems,
            "server_id": ["EX:GOV:1:ss1"], "group_code": ["group", "security-server-owners"], "code": ["GOV", "SPARE"],
            "member_class": ["GOV", "SPARE"], "member_code": ["1", "2", "3"], "subsystem_code": ["sub", "new"],
            "instance_id": ["EX"], "sign_key_id": keys, "token_id": ["0"], "service_provider_id": subsystems,
            "configuration_type": ["INTERNAL", "EXTERNAL"], "items": members + subsystems,
            "id": ["4711"], "content_identifier": ["SHARED-PARAMETERS", "MONITORING"],
            "central_server_address": ["127.0.0.1", "cs.example.org"], "url": ["http://127.0.0.1:1/x"],
            "certificate_profile_info": ["ee.ria.xroad.common.certificateprofile.impl.BasicCertificateProfileInfoProvider"]}


def refused_without_login(operation, status):
    if operation.access == "public":
        return status != 403
    return status == (401 if "401" in operation.described["responses"] else 403)


def as_role_allows(operation, granted, status):
    if operation.access in ("public", "nobody") or operation.depends_on_values and granted & operation.permissions:
        return True
    if operation.access == "any-login" or granted & operation.permissions:
        return status != 401 and (status != 403 or operation.access == "any-login")
    return status == 403


def check_access(client, operations, requests, roles, callers):
    problems = []
    for operation in operations:
        status = client.ask(operation, requests.good(operation))[0]
        if not refused_without_login(operation, status):
            problems.append(f"{operation}: {status} without a login")
        for role, caller in callers.items():
            status, _, body = client.ask(operation, requests.good(operation), caller)
            if not as_role_allows(operation, roles[role], status):
                problems.append(f"{operation}: {status} as {role} {body[:200]}")
    report(problems, f"{len(operations)} operations are for those who may use them")


def report(problems, what):
    for problem in problems:
        print(problem)
    check(not problems, what)


def check_answers(client, operations, requests, caller, count):
    problems = {}
    sent = 0
    for operation in sorted(operations, key=lambda one: one.id in LAST):
        for number in range(count):
            request = requests.good(operation) if number % 3 == 0 else requests.bad(operation)
            status, content_type, body = client.ask(operation, request, caller)
            sent += 1
            wrong = f"{status} {body[:200]!r}" if status >= 500 else operation.wrong_with(status, content_type, body)
            if wrong:
                problems.setdefault((operation.id, wrong[:60]), f"{operation}: {wrong}\n    {request}")
    report(problems.values(), f"{sent} requests are answered as described")


def main(causeway, count=18, seed=1):
    operations = OpenApi(API / "openapi.yaml").operations
    roles = {role: set(granted) for role, granted in yaml.safe_load((API / "roles.yaml").read_text()).items()}
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        der, pem = certificate(scratch)
        files = {"certificate": [("ca.der", der), ("ca.pem", pem)],
                 "xml": [("anchor.xml", b"<x/>"), ("anchor.xml", b"<?xml version='1.0'?><a><b></a>")],
                 "backup": [("backup.gpg", b"\x85\x01")],
                 "other": [("x", b""), ("../../etc/passwd", b"x"), ("a.der", b"\x30\x82\xff\xff"), ("a.txt", b"x" * 100),
                           ("a.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                           ("a.xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
                           ("a.der", b"\x00" * 200000)]}
        server = CentralServer(causeway, scratch / "centre")
        callers = {role: Caller(server, role) for role in roles}
        everybody = Caller(server, *roles)
        with server:
            # The keys of this test stay.
            requests = Requests(int(seed), filled(server), files, always=["id"])
            client = Client(server)
            # Without a body that would change the state: who may is known before it is read.
            check_access(client, operations, requests, roles, callers)
            check_answers(client, operations, requests, everybody, int(count))
            check(server.process.poll() is None, "and the server runs")
            log = (server.directory / "log").read_text()
            check("terminate" not in log and "Sanitizer" not in log, "without a mishap in its log")


if __name__ == "__main__":
    main(*sys.argv[1:])
