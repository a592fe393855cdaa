#!/usr/bin/env python3
"""What a large country costs: the same exchange with few and with many members, and a reload.

Two ecosystems run side by side, one with few members and one with many; the rounds of load
alternate between them. Then the large configuration changes, and all processes of one
Security Server are watched while they take it up.
"""
import argparse
import contextlib
import json
import os
import pathlib
import signal
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))
import ecosystem  # noqa: E402
from load import load  # noqa: E402

TICK = 1 / os.sysconf("SC_CLK_TCK")


class Country:
    """A running ecosystem of one country."""

    def __init__(self, description, seconds):
        self.description = description
        self.instance = description["instances"][0]
        self.start_seconds = seconds
        self.consumer, self.client = ecosystem.consumer_and_client(description)
        service = next(s for s in self.instance["services"]["rest"] if s.split("/")[4] == "objects")
        self.url = f"{self.consumer['consumer_http']}/r1/{service}/1024"
        self.rates = []

    def round(self, connections, seconds):
        figures = load(self.url, {"X-Road-Client": self.client}, connections, seconds)
        if figures["errors"]:
            sys.exit("some requests failed: the figures do not count")
        return figures["rate"]

    def servers(self):
        return {server["id"]: {name: pid for name, pid in server["pids"].items() if pid}
                for server in self.instance["security_servers"]}

    def memory(self):
        return {f"{name} {role}": round(ecosystem.proportional_memory(pid), 1)
                for name, pids in self.servers().items() for role, pid in pids.items()}

    def central(self):
        return pathlib.Path(self.description["directory"]) / self.instance["id"].lower() / "central"

    def log_of_source(self):
        return next(pathlib.Path(p["log"]) for p in self.description["processes"] if p["name"].endswith("-central"))


def resident(pid):
    text = pathlib.Path(f"/proc/{pid}/statm").read_text()
    return int(text.split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def cpu_seconds(pids):
    def of(pid):
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * TICK
    return sum(of(pid) for pid in pids.values())


def wait_until(what, holds, seconds=120):
    end = time.time() + seconds
    while not holds():
        if time.time() > end:
            sys.exit(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def reload(country, members):
    """Publishes another configuration; what it costs every process of the first server."""
    name, pids = next(iter(country.servers().items()))
    server = next(s for s in country.instance["security_servers"] if s["id"] == name)
    stored = pathlib.Path(server["directory"]) / "globalconf" / country.instance["id"] / "shared-params.xml"
    before_file, log, published = stored.stat().st_mtime_ns, country.log_of_source(), "published with"
    seen = log.read_text().count(published)
    (country.central() / "members").write_text(f"{members}\n")
    wait_until("publishing", lambda: log.read_text().count(published) > seen)
    time.sleep(1)
    for pid in pids.values():
        ecosystem.forget_peak(pid)
    before, cpu = {role: resident(pid) for role, pid in pids.items()}, cpu_seconds(pids)
    started = time.time()
    os.kill(pids["admin"], signal.SIGHUP)
    wait_until("download", lambda: stored.stat().st_mtime_ns != before_file)
    stored_after = time.time() - started
    last = -1.0
    while last != cpu_seconds(pids):  # until all have come to rest
        last = cpu_seconds(pids)
        time.sleep(1.2)
    return {"cpu_seconds": round(last - cpu, 2), "stored_seconds": round(stored_after, 2),
            "extra_peak_mb": {role: round(ecosystem.peak_memory(pid) * 1.048576 - before[role], 1)
                              for role, pid in pids.items()}}


def start(causeway, directory, words):
    """Made if need be, then started once more: the time until signed answers come."""
    if not (directory / "ecosystem" / "state.json").exists():
        with ecosystem.running(causeway, directory, words):
            pass
    started = time.time()
    running = ecosystem.running(causeway, directory, words)
    return running, started


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--causeway", default=str(ecosystem.ROOT / "build/release/causeway"))
    parser.add_argument("--dir", default=str(ecosystem.ROOT / "build/bench-scale"))
    parser.add_argument("--few", type=int, default=10)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--services", type=int, default=50_000)
    parser.add_argument("--rights", type=int, default=1_000_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--reloads", type=int, default=3)
    options = parser.parse_args()

    directory, report = pathlib.Path(options.dir), {}
    sizes = {"few": ["--members", str(options.few)],
             "many": ["--members", str(options.members), "--services", str(options.services),
                      "--rights", str(options.rights)]}
    countries = {}
    with contextlib.ExitStack() as stack:
        for name, words in sizes.items():
            running, started = start(options.causeway, directory / name, words)
            countries[name] = Country(stack.enter_context(running), 0)
            countries[name].start_seconds = round(time.time() - started, 2)
        for country in countries.values():
            country.round(options.connections, 1)
        for _ in range(options.rounds):
            for country in countries.values():
                country.rates.append(country.round(options.connections, options.seconds))
        ratios = [many / few for few, many in zip(countries["few"].rates, countries["many"].rates)]
        for name, country in countries.items():
            report[name] = {"start_seconds": country.start_seconds, "pss_mb": country.memory(),
                            "requests_per_second": round(statistics.median(country.rates))}
        report["ratio"] = {"median": round(statistics.median(ratios), 3), "worst": round(min(ratios), 3)}
        report["reloads"] = [reload(countries["many"], options.members + i + 1) for i in range(options.reloads)]
    (directory / "report.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))


main()
