#!/usr/bin/env python3
"""The index of the message log in PostgreSQL: two servers share one database, each with a schema
of its own. Messages, time-stamps, containers and archives go on through a crash of the database,
and what was missed is in the index afterwards."""
import json
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
import ecosystem  # noqa: E402
from postgres import Postgres  # noqa: E402

PATIENCE = 120  # seconds for what takes a few
MESSAGES = 10


def check(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")
    print(f"ok: {what}", flush=True)


def wait_until(condition, what):
    begin = time.time()
    while time.time() < begin + PATIENCE:
        if condition():
            print(f"ok: {what} ({time.time() - begin:.1f} s)", flush=True)
            return
        time.sleep(0.2)
    sys.exit(f"FAILED: {what}, after {PATIENCE} s")


class Server:
    def __init__(self, causeway, description):
        self.causeway, self.id = causeway, description["id"]
        self.directory = pathlib.Path(description["directory"])

    def schema(self):
        return "log_" + "_".join(self.id.split("/")).lower().replace("-", "_")

    def configure(self, database):
        for file in (self.directory / "messagelog").glob("index.db*"):
            file.unlink()
        (self.directory / "conf.d" / "index.ini").write_text(
            f"[message-log]\nindex-database = {database}\nindex-database-schema = {self.schema()}\n"
            f"archive-path = {self.directory}/archives\narchive-max-filesize = {1 << 20}\n")

    def ctl(self, *words):
        return subprocess.run([self.causeway, "ctl", *words, "--dir", str(self.directory), "--json"],
                              capture_output=True, text=True, timeout=PATIENCE)

    def index(self):
        done = self.ctl("messagelog", "index-status")
        return json.loads(done.stdout), done.returncode

    def is_indexed(self):
        status, code = self.index()
        return code == 0 and status["behind"] == 0

    def records(self):
        found, after = [], 0
        while after is not None:
            page = json.loads(self.ctl("messagelog", "find", "--after", str(after)).stdout)
            found += [record["id"] for record in page["records"]]
            after = page["after"]
        return found

    def stamp(self):
        os.kill(json.loads((self.directory / "run" / "pids.json").read_text())["admin"], signal.SIGHUP)

    def all_stamped(self):
        self.stamp()
        time.sleep(0.5)
        status = json.loads(self.ctl("timestamping", "status").stdout)
        return status["waiting"] == 0 and status["failing_since"] is None


class Caller:
    """Calls for as long as it is told to; each answer must be good."""

    def __init__(self, description):
        self.url, self.headers, _ = ecosystem.object_across_the_border(description, "1024")
        self.answered, self.failed = 0, []

    def call(self):
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url, headers=self.headers), timeout=60) as answer:
                answer.read()
            self.answered += 1
        except OSError as error:
            self.failed.append(str(error))

    def call_while(self, going_on):
        while going_on():
            self.call()
            time.sleep(0.02)


def outage(postgres, servers, caller):
    going_on = threading.Event()
    going_on.set()
    thread = threading.Thread(target=caller.call_while, args=[going_on.is_set])
    before = caller.answered
    thread.start()
    wait_until(lambda: caller.answered > before + MESSAGES, "messages are exchanged")
    postgres.kill()
    wait_until(lambda: all(server.index()[1] != 0 for server in servers), "the index is known to be away")
    meanwhile = caller.answered
    wait_until(lambda: caller.answered > meanwhile + MESSAGES, "messages are answered all the same")
    for server in servers:
        wait_until(server.all_stamped, f"{server.id}: and time-stamped")
    postgres.start()
    afterwards = caller.answered
    wait_until(lambda: caller.answered > afterwards + MESSAGES, "messages are answered afterwards")
    going_on.clear()
    thread.join()
    check(not caller.failed, f"no message failed of {caller.answered}: {caller.failed[:3]}")


def main():
    causeway = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="causeway-index-") as name:
        directory = pathlib.Path(name)
        directory.chmod(0o755)  # for the user that PostgreSQL runs as
        postgres = Postgres(directory / "postgres")
        try:
            database = postgres.new_database("evidence")
            with ecosystem.running(causeway, directory) as description:
                servers = [Server(causeway, server) for instance in description["instances"]
                           for server in instance["security_servers"]]
            for server in servers:
                server.configure(database)
            with ecosystem.running(causeway, directory) as description:
                use(causeway, postgres, servers, description)
        finally:
            postgres.kill()


def use(causeway, postgres, servers, description):
    consumer = ecosystem.consumer_and_client(description)[0]["id"]
    provider = next(s["id"] for s in description["instances"][1]["security_servers"] if s["id"].split("/")[1] == "GOV")
    both = [server for server in servers if server.id in (consumer, provider)]
    caller = Caller(description)
    for _ in range(MESSAGES):
        caller.call()
    for server in both:
        wait_until(server.is_indexed, f"{server.id}: all records are in the index")
        status = server.index()[0]
        check(status["engine"] == "PostgreSQL" and status["schema"] == server.schema(), f"{server.id}: {status}")
        check(not (server.directory / "messagelog" / "index.db").exists(), f"{server.id}: and in no file")
    outage(postgres, both, caller)
    for server in both:
        wait_until(server.is_indexed, f"{server.id}: the index has caught up")
        ids = server.records()
        check(ids == list(range(1, ids[-1] + 1)) and len(ids) >= 2 * caller.answered,
              f"{server.id}: each of {len(ids)} records is found")
        wait_until(server.all_stamped, f"{server.id}: all are time-stamped")
        archived = server.ctl("messagelog", "archive")
        check(archived.returncode == 0 and json.loads(archived.stdout)["records"] == len(ids),
              f"{server.id}: all are archived: {archived.stdout}{archived.stderr}")
    container = pathlib.Path(servers[0].directory) / "evidence.asice"
    with open(container, "wb") as file:
        subprocess.run(shlex.split(description["evidence"]["curl"]), stdout=file, check=True, timeout=PATIENCE)
    verified = subprocess.run([causeway, "verify", "--conf", description["evidence"]["verificationconf"], container],
                              capture_output=True, text=True, timeout=PATIENCE)
    check(verified.returncode == 0, f"a container found through the index verifies {verified.stdout[-300:]}")


main()
