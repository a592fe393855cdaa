#!/usr/bin/env python3
"""Two federated countries, started by the program as a user would: the scenario holds,
the sample requests of ecosystem.json answer as they say, and nothing is left behind."""
import json
import os
import pathlib
import signal
import stat
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from checks import check  # noqa: E402


def processes_of(directory):
    """Processes whose command line names the directory, or which work below it."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(directory) in line or os.readlink(entry / "cwd").startswith(str(directory)):
                found.append(f"{entry.name}: {line}")
        except OSError:
            pass
    return found


def scenario(causeway, directory):
    report = directory / "report.json"
    done = subprocess.run([causeway, "up", "--federation", "--once", "--dir", directory / "country", "--report", report],
                          capture_output=True, text=True, timeout=540)
    check(done.returncode == 0, "the scenario holds\n" + done.stdout[-6000:] + done.stderr[-2000:])
    steps = json.loads(report.read_text())["steps"]
    check(len(steps) >= 20 and all(step["ok"] for step in steps), f"{len(steps)} steps are reported")
    check(not processes_of(directory), "no process is left after the scenario")


def samples(causeway, directory, *options):
    description = directory / "country" / "ecosystem.json"
    description.unlink()
    up = subprocess.Popen([causeway, "up", "--federation", "--dir", directory / "country", *options],
                          stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    try:
        end = time.time() + 120
        while not description.exists() and up.poll() is None and time.time() < end:
            time.sleep(0.1)
        check(description.exists(), "ecosystem.json is written on the second start")
        content = json.loads(description.read_text())
        check(content["version"] == 1 and len(content["instances"]) == 2, "it describes two instances")
        for instance in content["instances"]:
            for server in instance["security_servers"]:
                for name, pid in server["pids"].items():
                    check(pathlib.Path(f"/proc/{pid}").exists(), f"{server['id']} {name} runs as {pid}")
            centre = instance["central_server"]
            check(stat.S_IMODE(os.stat(centre["api_key_file"]).st_mode) == 0o600, "an API key is kept from others")
        for sample in content["samples"]:
            status = subprocess.run(f"{sample['curl']} -s -o /dev/null -w '%{{http_code}}'", shell=True,
                                    capture_output=True, text=True, timeout=60).stdout
            check(status.strip()[-3:] == str(sample["expect"]), f"{sample['name']}: {status}")
    finally:
        up.send_signal(signal.SIGINT)
        out, _ = up.communicate(timeout=60)
    check(up.returncode == 0, "Ctrl-C ends it in order\n" + out[-2000:])
    check(not processes_of(directory), "no process is left after Ctrl-C")


def other_ports(directory):
    return json.loads((directory / "country" / "state.json").read_text())["base_port"] + 64


def main():
    causeway = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="causeway-ecosystem-") as directory:
        scenario(causeway, pathlib.Path(directory))
        samples(causeway, pathlib.Path(directory))
        samples(causeway, pathlib.Path(directory), "--base-port", str(other_ports(pathlib.Path(directory))))
        refused = subprocess.run([causeway, "up", "--federation", "--planned-centre", "--dir",
                                  pathlib.Path(directory) / "country"], capture_output=True, text=True, timeout=60)
        check(refused.returncode == 1 and "with Central Servers" in refused.stderr, "it keeps its Central Servers")


main()
