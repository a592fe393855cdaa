#!/usr/bin/env python3
"""The index of the message log in PostgreSQL: two servers share one database, each with a schema
of its own. Messages, time-stamps, containers and archives go on through a crash of the database,
and what was missed is in the index afterwards."""
import contextlib
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
import ecosystem  # noqa: E402
from caller import Caller  # noqa: E402
from checks import PATIENCE, check, wait_until  # noqa: E402
from postgres import Postgres  # noqa: E402
from security_server import SecurityServer  # noqa: E402

MESSAGES = 10


class Server(SecurityServer):
    def schema(self):
        return "log_" + "_".join(self.id.split("/")).lower().replace("-", "_")

    def use(self, database):
        for file in (self.directory / "messagelog").glob("index.db*"):
            file.unlink()
        self.configure(index_database=database, index_database_schema=self.schema(),
                       archive_path=self.directory / "archives", archive_max_filesize=1 << 20)

    def index(self):
        return self.status("messagelog", "index-status")

    def is_indexed(self):
        status, code = self.index()
        return code == 0 and status["behind"] == 0


class Callers(Caller):
    """Call for as long as they are told to; each answer must be good."""

    def __init__(self, description):
        super().__init__(description)
        self.answered, self.failed = 0, []

    def call(self):
        answer = super().call()
        if answer == (200, None):
            self.answered += 1
        else:
            self.failed.append(answer)

    def call_while(self, going_on):
        while going_on():
            self.call()
            time.sleep(0.02)


@contextlib.contextmanager
def calling(caller):
    going_on = threading.Event()
    going_on.set()
    thread = threading.Thread(target=caller.call_while, args=[going_on.is_set], daemon=True)
    thread.start()
    try:
        yield
    finally:
        going_on.clear()
        thread.join()


def more_answers(caller, what):
    before = caller.answered
    wait_until(lambda: caller.answered > before + MESSAGES, what)


def outage(postgres, servers, caller):
    with calling(caller):
        more_answers(caller, "messages are exchanged")
        postgres.kill()
        wait_until(lambda: all(server.index()[1] != 0 for server in servers), "the index is known to be away")
        more_answers(caller, "messages are answered all the same")
    for server in servers:
        server.stamp_all()
        check(server.index()[1] != 0, f"{server.id}: while the index was away")
    with calling(caller):
        more_answers(caller, "messages are answered still")
        postgres.start()
        more_answers(caller, "messages are answered afterwards")
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
                server.use(database)
            with ecosystem.running(causeway, directory) as description:
                use(causeway, postgres, servers, description)
        finally:
            postgres.kill()


def use(causeway, postgres, servers, description):
    consumer = ecosystem.consumer_and_client(description)[0]["id"]
    provider = next(s["id"] for s in description["instances"][1]["security_servers"] if s["id"].split("/")[1] == "GOV")
    both = [server for server in servers if server.id in (consumer, provider)]
    caller = Callers(description)
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
        ids = [record["id"] for record in server.records()]
        check(ids == list(range(1, ids[-1] + 1)) and len(ids) >= 2 * caller.answered,
              f"{server.id}: each of {len(ids)} records is found")
        server.stamp_all()
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
