#!/usr/bin/env python3
"""A country as a file, against a Central Server in processes of its own: the example of the documentation and one
of several hundred members are applied, exported, moved to another server; drift is shown and mended; apply is
killed at random moments, and what it leaves the next one finishes."""
import json
import pathlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
from central_server import CentralServer  # noqa: E402
from checks import check, wait_until  # noqa: E402

DOCUMENT = HERE.parent.parent / "docs" / "configuration-as-code.md"
MEMBERS = 300
KILLS = 25
SOMETHING_TO_DO = 2
PART = (b'<?xml version="1.0" encoding="UTF-8"?>\n<xro:conf xmlns:xro="http://x-road.eu/xsd/xroad.xsd">'
        b"<ocspFetchInterval>1200</ocspFetchInterval></xro:conf>\n")
PARTS = "/configuration-sources/INTERNAL/configuration-parts"


def openssl(*words, stdin=None):
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, input=stdin)


class Authorities:
    """A CA, one below it, an OCSP responder and a time-stamping authority, as PEM files."""

    def __init__(self, directory):
        self.directory = directory
        directory.mkdir(parents=True)
        self.issue("ca", ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"])
        self.issue("intermediate", ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"], by="ca")
        self.issue("ocsp", ["extendedKeyUsage=OCSPSigning"], by="ca")
        self.issue("tsa", ["extendedKeyUsage=critical,timeStamping"], by="ca")

    def issue(self, name, extensions, by=None):
        words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650",
                 "-subj", f"/C=EX/O=Trust/CN=Example {name}", "-keyout", self.directory / f"{name}.key",
                 "-out", self.directory / f"{name}.pem"]
        if by:
            words += ["-CA", self.directory / f"{by}.pem", "-CAkey", self.directory / f"{by}.key"]
        for extension in extensions:
            words += ["-addext", extension]
        openssl(*words)


class Client:
    """causeway export, plan and apply of one server."""

    def __init__(self, causeway, server, scratch):
        self.causeway = causeway
        self.key_file = scratch / f"{server.directory.name}.key"
        self.key_file.write_text(server.key + "\n")
        self.options = ["--url", f"https://127.0.0.1:{server.admin_port}", "--api-key-file", str(self.key_file),
                        "--ca-file", str(server.directory / "ssl" / "center-admin-service.crt")]

    def words(self, *words):
        return [str(self.causeway), *map(str, words), *self.options]

    def run(self, *words):
        done = subprocess.run(self.words(*words), capture_output=True, text=True, timeout=600,
                              stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout, done.stderr

    def plan(self, file, *more):
        code, out, error = self.run("plan", file, "--json", *more)
        check(code in (0, SOMETHING_TO_DO), f"plan ends with {code} {error}")
        plan = json.loads(out)
        check((code == SOMETHING_TO_DO) == bool(plan["steps"]), f"which says whether there is something to do: {code}")
        return plan

    def apply(self, file, *more):
        code, out, error = self.run("apply", file, "--yes", *more)
        check(code == 0, f"apply succeeds {error}")
        return out

    def settled(self, file, *more):
        steps = self.plan(file, *more)["steps"]
        check(not steps, f"there is nothing more to do {steps[:3]}")


def begin(server):
    server.initialize()
    server.login()
    for source in "INTERNAL", "EXTERNAL":
        server.add_key(source)


def external_anchor(server):
    """Of an instance that publishes something."""
    server.initialize("EY")
    server.login()
    server.add_key("EXTERNAL")
    server.do("POST", "/member-classes", {"code": "GOV", "description": "Government"})
    server.add_member("GOV", "1")
    server.add_provider("EY:GOV:1:management")
    wait_until(lambda: server.directory_of(6, "externalconf"), "another instance publishes", instead=server.log)
    return server.anchor("EXTERNAL")


def example_of_document(scratch, anchor):
    folder = scratch / "example"
    Authorities(folder / "certificates")
    for name, octets in ("anchors/EY.xml", anchor), ("parts/fetchinterval-params.xml", PART):
        (folder / name).parent.mkdir()
        (folder / name).write_bytes(octets)
    text = re.search(r"```yaml\n(version: 1\n.*?)```", DOCUMENT.read_text(), re.DOTALL)[1]
    (folder / "country.yaml").write_text(text)
    return folder / "country.yaml"


def large_country(scratch, authorities):
    """Several hundred members with two subsystems each."""
    folder = scratch / "large"
    folder.mkdir()
    lines = ["version: 1", "instance: EX", "member_classes: {GOV: Government, COM: Companies}", "members:"]
    for number in range(MEMBERS):
        lines += [f"  - id: {'GOV' if number % 2 else 'COM'}/{number}", f"    name: \"Member number {number}: åäö\"",
                  "    subsystems:", f"      main: System of {number}", "      other: ''"]
    lines += ["global_groups:", "  - code: everybody", "    description: All members", "    members:"]
    lines += [f"      - {'GOV' if number % 2 else 'COM'}/{number}/main" for number in range(MEMBERS)]
    lines += ["management_service_provider: GOV/1/main", "certification_services:"]
    for number in range(3):
        authorities.issue(f"ca-{number}", ["basicConstraints=critical,CA:TRUE"])
        lines += [f"  - certificate: {{file: {authorities.directory}/ca-{number}.pem}}",
                  "    profile: ee.ria.xroad.common.certificateprofile.impl.FiVRKCertificateProfileInfoProvider",
                  "    ocsp_responders:",
                  *(f"      - {{url: 'http://ocsp{number}.example.org/{one}', cost: FREE}}" for one in range(3))]
    lines += ["timestamping_services:"]
    lines += [f"  - {{url: 'http://tsa{one}.example.org/', certificate: {{file: {authorities.directory}/tsa.pem}}}}"
              for one in range(3)]
    file = folder / "country.yaml"
    file.write_text("\n".join(lines) + "\n")
    return file


def files_below(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def applies_the_example(client, scratch, anchor):
    file = example_of_document(scratch, anchor)
    code, out, error = client.run("apply", file)
    check(code == 2 and "--yes" in error, "nothing is done where nobody can be asked")
    first = client.plan(file)
    check(first["steps"] and not first["kept"], "the example is to be done")
    code, out, error = client.run("plan", file)
    check(code == SOMETHING_TO_DO and "+ member GOV/00000001: Ministry of the Interior" in out, f"people can read it {out}")
    out = client.apply(file)
    check(f"{len(first['steps'])} of {len(first['steps'])} steps done." in out, "all of it is done")
    client.settled(file)
    code, out, error = client.run("apply", file, "--yes", "--json")
    check(code == 0 and json.loads(out)["done"] == 0, "a second time nothing is")
    return file


def shows_drift(server, client, file):
    server.do("PATCH", "/members/EX:GOV:00000001", {"member_name": "Somebody else"})
    server.do("DELETE", "/subsystems/EX:COM:12345678:portal")
    server.do("POST", "/member-classes", {"code": "NEW", "description": "Not in the file"})
    services = server.do("GET", "/timestamping-services")
    server.do("DELETE", f"/timestamping-services/{services[0]['id']}")
    plan = client.plan(file)
    seen = {(step["action"], step["kind"]) for step in plan["steps"]}
    check(seen == {("change", "member"), ("add", "subsystem"), ("add", "members of global group"),
                   ("add", "time-stamping service")}, f"drift is shown {seen}")
    check([kept["subject"] for kept in plan["kept"]] == ["NEW"], "what the file does not have is told")
    client.apply(file)
    client.settled(file)
    check(any(one["code"] == "NEW" for one in server.do("GET", "/member-classes")), "and kept")
    client.apply(file, "--delete")
    client.settled(file, "--delete")
    check(all(one["code"] != "NEW" for one in server.do("GET", "/member-classes")), "until it is to be deleted")


def is_refused(server, client, file, scratch):
    broken = scratch / "example" / "broken.yaml"
    broken.write_text(file.read_text().replace("name: Ministry", "nmae: Ministry"))
    code, out, error = client.run("plan", broken)
    check(code == 1 and re.search(r"broken\.yaml:\d+:\d+: unknown key 'nmae'", error), f"a bad file is refused {error}")
    code, out, error = client.run("plan", file, "--fingerprint", "0" * 64)
    check(code == 1 and "shows another certificate" in error, f"another server is refused {error}")
    der = subprocess.run(["openssl", "x509", "-in", server.directory / "ssl" / "center-admin-service.crt", "-outform",
                          "DER"], check=True, capture_output=True).stdout
    digest = subprocess.run(["openssl", "dgst", "-sha256", "-c"], input=der, check=True, capture_output=True, text=False)
    pinned = digest.stdout.decode().split("=")[-1].strip()
    code, out, error = client.run("plan", file, "--fingerprint", pinned)
    check(code == 0, f"the right one is taken by its fingerprint {error}")
    other = Client(client.causeway, server, scratch)
    other.options = client.options[:4]
    code, out, error = other.run("plan", file)
    check(code == 1 and "ssl_authentication_failed" in error, f"without either nobody vouches for it {error}")
    nobody = scratch / "nobody.key"
    nobody.write_text("11111111-2222-3333-4444-555555555555\n")
    other.options = ["--url", client.options[1], "--api-key-file", str(nobody), *client.options[4:]]
    code, out, error = other.run("plan", file)
    check(code == 1 and "API key is not known" in error, f"nor is any key taken {error}")


def moves(causeway, server, client, file, scratch):
    """What is exported makes another server the same."""
    def made():
        return any(part["content_identifier"] == "SHARED-PARAMETERS" and part.get("version")
                   for part in server.do("GET", PARTS))
    wait_until(made, "the configuration is made")
    folder = scratch / "exported"

    def complete():
        code, out, error = client.run("export", folder / "country.yaml", "--json")
        check(code == 0, f"export succeeds {error}")
        return json.loads(out)["missing"] == []
    wait_until(complete, "with all certificates, once they are in the configuration", pause=1)
    client.settled(folder / "country.yaml", "--delete")
    check(server.key not in (folder / "country.yaml").read_text(), "no secret is in the file")
    second = CentralServer(causeway, scratch / "second")
    with second:
        begin(second)
        other = Client(causeway, second, scratch)
        other.apply(folder / "country.yaml", "--delete")
        other.settled(folder / "country.yaml", "--delete")
        other.settled(file, "--delete")
        again = scratch / "again"

        def same():
            code, out, error = other.run("export", again / "country.yaml")
            check(code == 0, f"export succeeds {error}")
            return files_below(again) == files_below(folder)
        wait_until(same, "another server exports the very same", pause=1)


def is_killed(server, client, file, empty):
    """Until it is done, apply is killed after a random time, in both directions; the number of steps only shrinks."""
    random.seed(20261129)
    kills = 0
    while kills < KILLS:
        for wanted, more in (file, ["--delete"]), (empty, ["--delete"]):
            left = len(client.plan(wanted, *more)["steps"])
            while left:
                process = subprocess.Popen(client.words("apply", wanted, "--yes", *more), stdout=subprocess.DEVNULL,
                                           stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
                try:
                    error = process.communicate(timeout=random.uniform(0.05, 2))[1]
                    check(process.returncode == 0, f"apply was quicker and succeeds {error}")
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.communicate()
                    kills += 1
                time.sleep(0.05)  # a request that is on its way still arrives
                now = len(client.plan(wanted, *more)["steps"])
                check(now <= left, f"{now} of {left} steps are left after {kills} kills")
                left = now
    client.apply(file, "--delete")
    client.settled(file, "--delete")
    total = server.do("GET", "/clients?limit=1")["paging_metadata"]["total_items"]
    check(total == 3 * MEMBERS, f"every member and subsystem is there, once: {total}")
    check(len(server.do("GET", "/timestamping-services")) == 3, "nothing is there twice")


def main(causeway):
    with tempfile.TemporaryDirectory(prefix="causeway-country-") as scratch:
        scratch = pathlib.Path(scratch)
        server, foreign = CentralServer(causeway, scratch / "cs"), CentralServer(causeway, scratch / "foreign")
        with server, foreign:
            begin(server)
            client = Client(causeway, server, scratch)
            file = applies_the_example(client, scratch, external_anchor(foreign))
            shows_drift(server, client, file)
            is_refused(server, client, file, scratch)
            moves(causeway, server, client, file, scratch)
        large = CentralServer(causeway, scratch / "large-cs")
        with large:
            begin(large)
            client = Client(causeway, large, scratch)
            file = large_country(scratch, Authorities(scratch / "authorities"))
            empty = scratch / "empty.yaml"
            empty.write_text("version: 1\ninstance: EX\nmember_classes: {GOV: Government, COM: Companies}\n"
                             "members:\n  - id: GOV/1\n    name: Kept\n    subsystems: {main: ''}\n"
                             "management_service_provider: GOV/1/main\nglobal_groups: []\n"
                             "certification_services: []\ntimestamping_services: []\n")
            client.apply(file)
            client.settled(file)
            is_killed(large, client, file, empty)
        failures = [seen for seen in server.statuses + large.statuses if seen[0] >= 500]
        check(not failures, f"no answer was a 5xx {failures}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
