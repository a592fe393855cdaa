#!/usr/bin/env python3
"""Processes are killed under load, at random moments: whatever a client got an answer to
is in both servers' logs, complete, with containers that verify, and nothing half-written
is left.

    crash_test.py CAUSEWAY [ROUNDS [SEED]]

A round kills one process of one of the two servers on the way, or everything at once.
"""
import collections
import contextlib
import http.client
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
import ecosystem  # noqa: E402
from checks import wait_until  # noqa: E402
from security_server import SecurityServer  # noqa: E402

CALLERS = 4
SIZES = (1, 1024, 100_000)  # octets of the answers
FILES = 1000        # containers of one verification
EVERYTHING = 0.1    # share of the rounds that kill all processes at once


def fail(what):
    sys.exit(f"FAILED: {what}")


class Load:
    """Callers that ask one thing after another, and what was answered to them."""

    def __init__(self, description):
        self.go_to(description)
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.answered, self.refused, self.wrong, self.latest_refusal = [], 0, [], ""
        self.threads = [threading.Thread(target=self.call_on, daemon=True) for _ in range(CALLERS)]
        for thread in self.threads:
            thread.start()

    def go_to(self, description):
        self.targets = [ecosystem.object_across_the_border(description, str(size))[:2] for size in SIZES]

    def call_on(self):
        while not self.stopping.is_set():
            url, headers = random.choice(self.targets)
            query = str(uuid.uuid4())
            try:
                request = urllib.request.Request(url, headers=headers | {"X-Road-Id": query})
                with urllib.request.urlopen(request, timeout=60) as answer:
                    body = answer.read()
                    whole = answer.headers["X-Road-Id"] == query and len(body) == int(url.rsplit("/", 1)[1])
                with self.lock:
                    (self.answered if whole else self.wrong).append(query)
            except (OSError, ValueError, http.client.HTTPException) as why:
                said = why.read().decode(errors="replace") if isinstance(why, urllib.error.HTTPError) else ""
                with self.lock:
                    self.refused, self.latest_refusal = self.refused + 1, f"{why} {said}"
                time.sleep(0.02)

    def count(self):
        with self.lock:
            return len(self.answered)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(90)
        if self.wrong:
            fail(f"answers were not whole: {self.wrong[:5]}")


class Country:
    """The two countries, as processes that come and go."""

    def __init__(self, causeway, directory):
        self.causeway, self.directory = causeway, directory
        self.log = open(directory / "up.log", "a")
        self.port = None
        self.start()

    def start(self):
        described = self.directory / "ecosystem" / "ecosystem.json"
        described.unlink(missing_ok=True)
        self.up = subprocess.Popen([self.causeway, "up", "--federation", "--dir", described.parent], stdout=self.log,
                                   stderr=subprocess.STDOUT)
        self.description = ecosystem.wait_for(described, self.up)
        consumer, _ = ecosystem.consumer_and_client(self.description)
        provider = next(s for s in self.description["instances"][1]["security_servers"] if s["id"].split("/")[1] == "GOV")
        self.servers = [consumer, provider]

    def kill_everything(self):
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.up.wait()
        wait_until(lambda: not self.processes(), "all processes are gone", pause=0.02)
        self.start()

    def processes(self):
        """Of both countries, those that were started again too."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and (str(self.directory) in (entry / "cmdline").read_text(errors="replace")
                                             or os.readlink(entry / "cwd").startswith(str(self.directory))):
                    found.append(int(entry.name))
        return found

    def kill_one(self):
        server = random.choice(self.servers)
        told = json.loads((pathlib.Path(server["directory"]) / "run" / "pids.json").read_text())
        role = random.choice(["proxy", "proxy", "signer", "admin"])
        if told[role] is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(told[role], signal.SIGKILL)

    def stop(self):
        self.up.send_signal(signal.SIGINT)
        self.up.wait(60)


def logged(server):
    """(message, record number) by query id of all records of a server's log."""
    found = collections.defaultdict(set)
    for record in server.records():
        found[record["query_id"]].add((record["message"], record["id"]))
    return found


def check_logs(causeway, country, answered):
    for server in country.servers:
        directory = server["directory"]
        found = logged(SecurityServer(causeway, server))
        missing = [query for query in answered
                   if {message for message, _ in found[query]} != {"request", "response"}]
        if missing:
            fail(f"{server['id']}: {len(missing)} answered messages have no complete record, as {missing[0]}")
        checked = subprocess.run([causeway, "ctl", "messagelog", "check", "--dir", directory], capture_output=True,
                                 text=True)
        if checked.returncode != 0:
            fail(f"{server['id']}: the log is damaged: {checked.stdout}{checked.stderr}")
        print(f"ok: {server['id']}: all records are complete; {checked.stdout.strip()}", flush=True)


def containers_of(server, owner, query):
    """The containers of request and response that a server gives out for a message of `owner`."""
    instance, member_class, member, subsystem = owner.split("/")
    for part in ("requestOnly", "responseOnly"):
        asked = urllib.parse.urlencode({"xRoadInstance": instance, "memberClass": member_class, "memberCode": member,
                                        "subsystemCode": subsystem, "queryId": query}) + f"&{part}&unique&force"
        with urllib.request.urlopen(f"{server['consumer_http']}/asic?{asked}", timeout=60) as answer:
            yield answer.read()


def check_containers(causeway, country, answered):
    _, client = ecosystem.consumer_and_client(country.description)
    service = ecosystem.service_across_the_border(country.description, "rest", "objects")
    owners = [client, "/".join(service.split("/")[:4])]
    for server, owner in zip(country.servers, owners):
        folder = country.directory / "containers" / owner.replace("/", "-")
        folder.mkdir(parents=True)
        for query in answered:
            for number, container in enumerate(containers_of(server, owner, query)):
                (folder / f"{query}-{number}.asice").write_bytes(container)
        for start in range(0, len(answered), FILES):
            files = [folder / f"{query}-{number}.asice" for query in answered[start:start + FILES] for number in (0, 1)]
            done = subprocess.run([causeway, "verify", "--conf", country.description["evidence"]["verificationconf"],
                                   *files], capture_output=True, text=True)
            if done.returncode != 0:
                fail(f"{server['id']}: a container does not verify: {done.stdout[-3000:]}{done.stderr}")
        print(f"ok: {server['id']}: {2 * len(answered)} containers verify", flush=True)


def check_leftovers(country):
    for server in country.servers:
        directory = pathlib.Path(server["directory"])
        left = [path for path in directory.rglob("*") if path.parent.name == "spool" or ".tmp" in path.suffixes
                or path.suffix in (".new", ".part")]
        if left:
            fail(f"{server['id']}: left behind: {left}")
    print("ok: nothing half-written is left", flush=True)


def rounds(country, load, count):
    for number in range(count):
        time.sleep(random.uniform(0.05, 0.6))
        if random.random() < EVERYTHING:
            country.kill_everything()
            load.go_to(country.description)  # ports that are not free yet are not waited for
        else:
            country.kill_one()
        before = load.count()
        wait_until(lambda: load.count() >= before + CALLERS, f"answers come again after round {number + 1}", pause=0.02,
                   instead=lambda: load.latest_refusal)
        if (number + 1) % 20 == 0:
            print(f"{number + 1} rounds, {load.count()} answers, {load.refused} refusals", flush=True)


def main():
    causeway = pathlib.Path(sys.argv[1]).resolve()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(10**6)
    random.seed(seed)
    print(f"{count} rounds, seed {seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="causeway-crash-") as name:
        country = Country(causeway, pathlib.Path(name))
        try:
            load = Load(country.description)
            rounds(country, load, count)
            load.stop()
            print(f"ok: {len(load.answered)} answers in {count} rounds, {load.refused} refusals", flush=True)
            check_logs(causeway, country, load.answered)
            check_leftovers(country)
            check_containers(causeway, country, load.answered)
        finally:
            country.stop()


main()
