#!/usr/bin/env python3
"""What evidence costs: time-stamping while its service is good and at fault, and the pace at
which time-stamps, containers and verdicts are made.

Everything runs on this machine. The rounds of the measures are interleaved, so that what
else the machine does falls on all alike: quote ratios, not absolute numbers.
"""
import argparse
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "demo"), str(HERE.parent / "tests" / "support")]
import ecosystem  # noqa: E402
from load import load  # noqa: E402
from timestamping_double import FAULTS, GOOD, TimestampingDouble, stranger, use  # noqa: E402

ASKED_EVERY = 0.5  # seconds; far more often than in life, where rounds are a minute apart
PARAMETERS = "[message-log]\ntimestamper-client-read-timeout = 2000\n"


class Stamping:
    """The time-stamping of both servers on the way, through doubles."""

    def __init__(self, causeway, description, strange):
        self.causeway = causeway
        consumer, _ = ecosystem.consumer_and_client(description)
        provider = next(s for s in description["instances"][1]["security_servers"] if s["id"].split("/")[1] == "GOV")
        self.servers = [consumer, provider]
        self.doubles = [TimestampingDouble(instance["test_ca"]["tsa"], strange)
                        for instance in description["instances"]]
        for server, double in zip(self.servers, self.doubles):
            use(server["directory"], double.url)
        self.stopping = threading.Event()
        threading.Thread(target=self.ask_on, daemon=True).start()

    def set(self, mode):
        for double in self.doubles:
            double.mode = mode

    def ask_on(self):
        while not self.stopping.wait(ASKED_EVERY):
            self.ask()

    def ask(self):
        for server in self.servers:
            os.kill(server["pids"]["admin"], signal.SIGHUP)

    def waiting(self):
        found = 0
        for server in self.servers:
            out = subprocess.run([self.causeway, "ctl", "timestamping", "status", "--json", "--dir", server["directory"]],
                                 capture_output=True, text=True).stdout
            found += json.loads(out)["waiting"]
        return found

    def catch_up(self):
        """Records and seconds until none waits."""
        self.set(GOOD)
        records, begin = self.waiting(), time.monotonic()
        self.ask()
        while self.waiting() > 0:
            time.sleep(0.05)
        return records, time.monotonic() - begin

    def stop(self):
        self.stopping.set()
        for double in self.doubles:
            double.stop()


def outages(causeway, description, stamping, options):
    """Message latency by what the time-stamping services do."""
    url, headers, _ = ecosystem.object_across_the_border(description, "1024")
    rounds = {mode: [] for mode in [GOOD, *FAULTS]}
    load(causeway, url, headers, options.connections, 2)
    for _ in range(options.rounds):
        for mode, figures in rounds.items():
            stamping.set(mode)
            figures.append(load(causeway, url, headers, options.connections, options.seconds))
    print(f"\n1 KB REST GET across the border, {options.connections} connections, rounds of time-stamping asked for every "
          f"{ASKED_EVERY} s; median of {options.rounds} interleaved rounds of {options.seconds} s")
    print(f"{'time-stamping service':<22} {'req/s':>7} {'p50 ms':>8} {'p99 ms':>8} {'errors':>7} {'p99 of good':>12}")
    good = statistics.median(f["p99"] for f in rounds[GOOD])
    for mode, figures in rounds.items():
        rate, p50, p99 = (statistics.median(f[what] for f in figures) for what in ("rate", "p50", "p99"))
        print(f"{mode:<22} {rate:>7.0f} {p50:>8.1f} {p99:>8.1f} {sum(f['errors'] for f in figures):>7} {p99 / good:>12.2f}")


def logged_and_stamped(causeway, description, stamping, options):
    url, headers, _ = ecosystem.object_across_the_border(description, "1024")
    stamping.catch_up()
    stamping.set("dead")
    figures = load(causeway, url, headers, options.connections, options.seconds * 3)
    records, seconds = stamping.catch_up()
    print(f"\nlogged: {figures['rate'] * 4:.0f} records/s (four of each exchange, in two logs); "
          f"stamped afterwards: {records} records in {seconds:.2f} s, {records / seconds:.0f} records/s")


def containers(causeway, description, directory, options):
    parts = description["evidence"]["curl"].split("'")
    address = urllib.parse.urlsplit(parts[1])
    figures = load(causeway, parts[1], {}, options.connections, options.seconds)
    print(f"\ncontainers: {figures['rate']:.0f}/s, p99 {figures['p99']:.0f} ms, {figures['errors']} errors "
          f"(requests alone, {options.connections} connections)")
    url, headers, _ = ecosystem.object_across_the_border(description, "1024")
    folder = directory / "containers"
    folder.mkdir(exist_ok=True)
    files = []
    for number in range(options.containers):
        query = str(uuid.uuid4())
        urllib.request.urlopen(urllib.request.Request(url, headers=headers | {"X-Road-Id": query})).read()
        asked = urllib.parse.parse_qs(address.query, keep_blank_values=True) | {"queryId": [query]}
        where = address._replace(query=urllib.parse.urlencode(asked, doseq=True)).geturl()
        files.append(folder / f"{number}.asice")
        files[-1].write_bytes(urllib.request.urlopen(where).read())
    begin = time.monotonic()
    done = subprocess.run([causeway, "verify", "--conf", description["evidence"]["verificationconf"], "--json", *files],
                          capture_output=True, text=True)
    seconds = time.monotonic() - begin
    print(f"verify: {len(files)} containers in {seconds:.2f} s, {len(files) / seconds:.0f}/s in one process, "
          f"exit code {done.returncode}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--causeway", default=str(ecosystem.ROOT / "build/release/causeway"))
    parser.add_argument("--dir", default=str(ecosystem.ROOT / "build/bench/evidence"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--containers", type=int, default=500, help="for the pace of verdicts")
    options = parser.parse_args()

    directory = pathlib.Path(options.dir)
    with ecosystem.running(options.causeway, directory):
        pass  # made; parameters are read at the next start
    for server in (directory / "ecosystem").glob("*/*/conf.d"):
        (server / "bench.ini").write_text(PARAMETERS)
    with ecosystem.running(options.causeway, directory) as description, \
            stranger(options.causeway, directory) as strange:
        stamping = Stamping(options.causeway, description, strange)
        try:
            outages(options.causeway, description, stamping, options)
            logged_and_stamped(options.causeway, description, stamping, options)
            containers(options.causeway, description, directory, options)
        finally:
            stamping.stop()


main()
