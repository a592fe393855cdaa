"""A local ecosystem for a script: started, described, and what its processes hold in memory."""
import contextlib
import json
import pathlib
import re
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def running(causeway, directory, *options):
    """Two countries in `directory` for as long as the block lasts; yields ecosystem.json."""
    directory.mkdir(parents=True, exist_ok=True)
    country = directory / "ecosystem"
    (country / "ecosystem.json").unlink(missing_ok=True)  # that of a run before
    with open(directory / "up.log", "w") as log:
        up = subprocess.Popen([causeway, "up", "--federation", "--dir", str(country), *options], stdout=log,
                              stderr=subprocess.STDOUT)
    try:
        yield wait_for(country / "ecosystem.json", up)
    finally:
        up.send_signal(signal.SIGINT)
        try:
            up.wait(20)
        except subprocess.TimeoutExpired:
            up.kill()


def wait_for(path, process, seconds=120):
    started = time.time()
    while time.time() < started + seconds:
        if process.poll() is not None:
            raise SystemExit("the ecosystem ended, see up.log")
        if path.exists():
            return json.loads(path.read_text())
        time.sleep(0.1)
    raise SystemExit("the ecosystem did not start, see up.log")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, seconds=60):
    end = time.time() + seconds
    while time.time() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


def consumer_and_client(description):
    """A Security Server of a consumer in the first country, and a client that may call over HTTP."""
    for server in description["instances"][0]["security_servers"]:
        clients = [c["id"] for c in server["clients"] if c["registered"] and not c["certificate_required"]]
        if clients and server["id"].split("/")[1] != "GOV":
            return server, clients[0]
    raise SystemExit("no consumer in ecosystem.json")


def service_across_the_border(description, kind, code):
    """Identifier of a service of the second country; `kind` is rest or soap (with the version at the end)."""
    found = (s for s in description["instances"][1]["services"][kind] if s.split("/")[4] == code)
    return next(found)


def object_across_the_border(description, name):
    """The consumer's URL of an object of the service in the other country, headers, and the object's own URL."""
    consumer, client = consumer_and_client(description)
    url = f"{consumer['consumer_http']}/r1/{service_across_the_border(description, 'rest', 'objects')}/{name}"
    return url, {"X-Road-Client": client}, f"{description['instances'][1]['registers']['url']}/objects/{name}"


def processes(description):
    """Name and process id of every process of every Security Server, and of what stands beside them."""
    found = {f"{server['id']} {name}": pid for instance in description["instances"]
             for server in instance["security_servers"] for name, pid in server["pids"].items()}
    known = set(found.values())
    found.update({process["name"]: process["pid"] for process in description["processes"]
                  if process["pid"] not in known})
    return found


def proportional_memory(pid):
    """MB; pages shared with other processes count in part (PSS)."""
    try:
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(re.search(r"^Pss:\s+(\d+)", text, re.M).group(1)) / 1024


def forget_peak(pid):
    """From now on peak_memory() tells of what comes."""
    pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5\n")


def peak_memory(pid):
    """MB; the largest resident memory, shared pages included."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"^VmHWM:\s+(\d+)", text, re.M).group(1)) / 1024
