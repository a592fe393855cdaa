#!/usr/bin/env python3
"""What a Central Server of a large country costs: filling its registry, making the global configuration, keeping it up
to date, listing page by page; and what the configuration costs a Security Server.

A member has three subsystems, and there is a Security Server for every twenty. Everything runs on this machine, also
the PostgreSQL server, which has its own defaults and a data directory of this run: quote ratios, not absolute numbers.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "demo"), str(HERE.parent / "tests" / "support")]
import ecosystem  # noqa: E402
from central_server import CentralServer  # noqa: E402
from postgres import Postgres  # noqa: E402

LISTS = {
    "members and subsystems, first page": "/clients?limit=25&offset=0",
    "sorted by name, downwards": "/clients?limit=25&offset=0&sort=member_name&desc=true",
    "page 2,000": "/clients?limit=25&offset=2000",
    "last page": "/clients?limit=25&offset=15999",
    "last page by name": "/clients?limit=25&offset=15999&sort=member_name",
    "text that few have": "/clients?limit=25&offset=0&q=Beekeepers%2077777",
    "text that all have": "/clients?limit=25&offset=0&q=beekeepers",
    "text that all have, by code, page 8,000": "/clients?limit=25&offset=7999&q=beekeepers&sort=client_id.member_code",
    "text that many have, by name, page 100": "/clients?limit=25&offset=99&q=777&sort=member_name",
    "text of one letter": "/clients?limit=25&offset=0&q=7&sort=client_id.member_class",
    "text that nobody has": "/clients?limit=25&offset=0&q=nobody%20at%20all",
    "text without a letter of its own": "/clients?limit=25&offset=0&q=%20%25%20",
    "members of a class": "/clients?limit=25&offset=0&member_class=GOV&client_type=MEMBER",
    "subsystems of a class, last page": "/clients?limit=25&offset=2399&member_class=GOV&client_type=SUBSYSTEM",
    "not in a group, by name, last page": "/clients?limit=25&offset=15799&excluding_group=security-server-owners"
                                          "&sort=member_name",
    "Security Servers, first page": "/security-servers?limit=25&offset=0",
    "Security Servers by a text": "/security-servers?limit=25&offset=0&q=server-4321",
    "management requests, first page": "/management-requests?limit=25&offset=0",
}
WAIT = 600
OWN_DEFAULTS = {"listen_addresses": ""}  # but for the network: what is measured is what is installed


def processor_seconds(process):
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def memory(process, kind):
    """Megabytes: VmRSS now, VmHWM at most so far."""
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith(kind):
            return int(line.split()[1]) / 1024
    return 0


def until(condition, what):
    begin = time.time()
    while not condition():
        if time.time() > begin + WAIT:
            sys.exit(f"{what}: not after {WAIT} s")
        time.sleep(0.05)
    return time.time() - begin


class Measurement:
    def __init__(self, causeway, directory, members, postgres):
        self.causeway, self.members, self.rows = causeway, members, []
        self.directory = pathlib.Path(directory)
        self.postgres = postgres
        self.centre = CentralServer(causeway, self.directory / "centre")

    def note(self, what, value, unit):
        print(f"{what:58}{value:10.3f} {unit}", flush=True)
        self.rows.append({"measure": what, "value": value, "unit": unit})

    def centre_process(self):
        return self.centre.pids()["center"]

    def shared_parameters(self):
        directory = self.centre.directory_of(6)
        return directory and next(part for part, *_ in directory.parts
                                  if "shared-params" in part["content-location"])["content-location"]

    def begin(self):
        with self.centre as centre:
            centre.initialize()
            centre.login()
            for source in "INTERNAL", "EXTERNAL":
                centre.add_key(source)
            centre.do("POST", "/member-classes", {"code": "GOV", "description": "Government"})
            centre.add_member("GOV", "operator")
            centre.add_provider("EX:GOV:operator:management")
            until(lambda: centre.directory_of(6), "the first configuration")

    def fill(self):
        begin = time.time()
        subprocess.run([self.causeway, "bench-registry", "--dir", str(self.centre.directory), "--members",
                        str(self.members)], check=True)
        self.note("registry filled", time.time() - begin, "s")
        if self.postgres:
            self.move_to_postgres()
        size = (self.postgres.size_of("registry") if self.postgres else
                sum(file.stat().st_size for file in self.centre.directory.glob("central-server.db*")))
        self.note("size of the registry", size / 1e6, "MB")

    def move_to_postgres(self):
        """By a backup, as an operator would: row by row it would take many times as long."""
        begin = time.time()
        backup = self.directory / "backup"
        self.say("backup", "--file", str(backup))
        self.postgres.new_database("registry")
        (self.centre.directory / "conf.d" / "override-database.ini").write_text(
            f"[center]\ndatabase = postgresql:///registry?host={self.postgres.directory}&user=causeway\n")
        self.say("restore", "--file", str(backup), "--keep-settings")
        self.note("moved to PostgreSQL", time.time() - begin, "s")

    def say(self, *words):
        code, _ = self.centre.say(*words, patience=WAIT)
        if code:
            sys.exit(f"{words[0]}: {self.centre.error}")

    def generate(self):
        before = self.shared_parameters()
        begin = time.time()
        self.centre.login()
        until(lambda: self.shared_parameters() != before, "the large configuration")
        process = self.centre_process()
        self.note("login of the token to all versions published", time.time() - begin, "s")
        self.note("processor time of that", processor_seconds(process), "s")
        self.note("memory of the centre, at most", memory(process, "VmHWM"), "MB")
        self.note("memory of the centre afterwards", memory(process, "VmRSS"), "MB")
        self.note("shared parameters of version 6", len(self.centre.get(self.shared_parameters())) / 1e6, "MB")

    def follow(self):
        times, costs = [], []
        for number in range(3):
            before, used = self.shared_parameters(), processor_seconds(self.centre_process())
            begin = time.time()
            self.centre.add_member("GOV", f"new-{number}")
            until(lambda: self.shared_parameters() != before, "the change")
            times.append(time.time() - begin)
            costs.append(processor_seconds(self.centre_process()) - used)
        self.note("a new member to all versions published", statistics.median(times), "s")
        self.note("processor time of that", statistics.median(costs), "s")

    def listing_seconds(self):
        """Of the processor, of whoever makes lists."""
        return processor_seconds(self.centre_process()) + (self.postgres.processor_seconds() if self.postgres else 0)

    def list(self):
        for what, path in LISTS.items():
            times, used = [], self.listing_seconds()
            for _ in range(20):
                begin = time.time()
                self.centre.do("GET", path)
                times.append((time.time() - begin) * 1000)
            self.note(f"listing: {what}, median", statistics.median(times), "ms")
            self.note(f"listing: {what}, worst of 20", max(times), "ms")
            self.note(f"listing: {what}, processor time", (self.listing_seconds() - used) * 1000 / len(times), "ms")

    def load(self):
        """A Security Server that has only just been installed: its administration downloads, its proxy takes it up."""
        directory = self.directory / "ss1"
        (directory / "conf.d").mkdir(parents=True)
        names = "client-http-port", "client-https-port", "server-listen-port", "ocsp-responder-listen-port"
        lines = "".join(f"{name} = {ecosystem.free_port()}\n" for name in names)
        (directory / "conf.d" / "local.ini").write_text(f"[proxy]\n{lines}")
        (directory / "server.yaml").write_text("version: 1\nserver: EX/GOV/operator/ss1\n"
                                               "clients:\n  - id: EX/GOV/operator\n")
        (directory / "configuration-anchor.xml").write_bytes(self.centre.anchor("INTERNAL"))
        with open(directory / "log", "w") as log:
            server = subprocess.Popen([self.causeway, "security-server", "--dir", str(directory)], stdout=log,
                                      stderr=log)
        try:
            begin = time.time()

            def valid():
                try:
                    return json.loads((directory / "run" / "admin-status.json").read_text())[
                        "global_configuration"]["valid"]
                except (FileNotFoundError, json.JSONDecodeError, KeyError):
                    return False
            until(valid, "a Security Server with the configuration")
            self.note("start of a Security Server to a valid configuration", time.time() - begin, "s")
            pids = json.loads((directory / "run" / "pids.json").read_text())
            for name in "admin", "proxy":
                self.note(f"processor time of its {name}", processor_seconds(pids[name]), "s")
                self.note(f"memory of its {name}, at most", memory(pids[name], "VmHWM"), "MB")
        finally:
            server.terminate()
            server.wait(60)

    def run(self):
        self.begin()
        self.fill()
        with self.centre:
            self.generate()
            self.follow()
            self.list()
            self.load()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--causeway", required=True, help="the program")
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite", help="where the registry is")
    parser.add_argument("--json", help="a file for the figures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="causeway-centre-") as directory:
        directory = pathlib.Path(directory)
        directory.chmod(0o711)  # PostgreSQL does not run as root
        postgres = Postgres(directory / "postgres", OWN_DEFAULTS) if options.engine == "postgres" else None
        try:
            measurement = Measurement(str(pathlib.Path(options.causeway).resolve()), directory, options.members,
                                      postgres)
            measurement.run()
        finally:
            if postgres:
                postgres.stop()
    if options.json:
        figures = {"members": options.members, "engine": options.engine, "rows": measurement.rows}
        pathlib.Path(options.json).write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
