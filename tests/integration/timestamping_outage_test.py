#!/usr/bin/env python3
"""A time-stamping service that is dead, slow or wrong: messages go on, the log waits, the
status says why and for how long messages will go on, and all is stamped afterwards. Where
the acceptable failure period has passed messages are refused, until the service is back."""
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
import ecosystem  # noqa: E402
from timestamping_double import FAULTS, GOOD, TimestampingDouble, stranger, use  # noqa: E402

PATIENCE = 120  # seconds for what takes one
MESSAGES = 3    # while the service is at fault
PERIOD = 3600   # seconds; the acceptable failure period of the first part
SHORT_PERIOD = 3


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
        time.sleep(0.1)
    sys.exit(f"FAILED: {what}, after {PATIENCE} s")


class Server:
    """A Security Server whose time-stamping goes through the double."""

    def __init__(self, causeway, description):
        self.causeway, self.id = causeway, description["id"]
        self.directory = pathlib.Path(description["directory"])
        self.admin = description["pids"]["admin"]

    def ask_now(self):
        os.kill(self.admin, signal.SIGHUP)

    def status(self):
        """What ctl prints, and its exit code."""
        done = subprocess.run([self.causeway, "ctl", "timestamping", "status", "--json", "--dir", self.directory],
                              capture_output=True, text=True, timeout=PATIENCE)
        return json.loads(done.stdout), done.returncode

    def fault(self):
        services = self.status()[0]["services"]
        return services[0]["fault"]["code"] if services and services[0]["fault"] else None

    def waiting(self):
        return self.status()[0]["waiting"]


class Caller:
    def __init__(self, description):
        self.url, self.headers, _ = ecosystem.object_across_the_border(description, "1024")

    def call(self):
        """HTTP status and the fault's type, if it is one."""
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url, headers=self.headers), timeout=60) as answer:
                answer.read()
                return answer.status, None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())["type"]


def set_parameters(directory, parameters):
    """Of all servers; they are read at the next start."""
    for server in (directory / "ecosystem").glob("*/*/conf.d"):
        text = "".join(f"{name} = {value}\n" for name, value in parameters.items())
        (server / "outage.ini").write_text("[message-log]\n" + text)


@contextlib.contextmanager
def behind_double(causeway, description, strange):
    """The provider's server in the second country, its double, and a caller."""
    caller = Caller(description)
    country = description["instances"][1]
    server = Server(causeway, next(s for s in country["security_servers"] if s["id"].split("/")[1] == "GOV"))
    double = TimestampingDouble(country["test_ca"]["tsa"], strange)
    use(server.directory, double.url)
    try:
        yield server, double, caller
    finally:
        double.stop()


def outage(server, double, caller, mode):
    double.mode = mode
    asked = double.requests
    for _ in range(MESSAGES):
        check(caller.call() == (200, None), f"{mode}: a message is answered")
    server.ask_now()
    wait_until(lambda: double.requests > asked, f"{mode}: the service is asked")
    check(caller.call() == (200, None), f"{mode}: a message is answered meanwhile")
    wait_until(lambda: server.fault() == FAULTS[mode], f"{mode}: its fault is {FAULTS[mode]}")
    status, code = server.status()
    check(code == 1 and status["failing_since"] and status["fault"]["code"].endswith("timestamping_failed"),
          f"{mode}: the status says that it fails")
    wait_until(lambda: all_wait(server), f"{mode}: the records of these messages wait")
    since, until = (time.strptime(status[name][:19], "%Y-%m-%dT%H:%M:%S") for name in ("failing_since", "refused_from"))
    check(time.mktime(until) - time.mktime(since) in range(PERIOD - 1, PERIOD + 2),
          f"{mode}: messages will be refused from {status['refused_from']}")
    check(caller.call() == (200, None), f"{mode}: a message is answered afterwards")


def all_wait(server):
    """Asks again until it is so: a round counts what the index has, a moment behind the log."""
    if server.waiting() >= 2 * MESSAGES:
        return True
    server.ask_now()
    time.sleep(0.5)
    return False


def all_stamped(server):
    """Asks again until it is so: a round takes what the index has, a moment behind the log."""
    if server.waiting() == 0:
        return True
    server.ask_now()
    time.sleep(0.5)
    return False


def recovery(server, double, mode):
    double.mode = GOOD
    server.ask_now()
    wait_until(lambda: all_stamped(server), f"{mode}: all is stamped when the service is back")
    status, code = server.status()
    check(code == 0 and not status["fault"] and not status["refused_from"], f"{mode}: the status is good again")


def messages_go_on(causeway, directory, strange):
    with ecosystem.running(causeway, directory) as description, \
            behind_double(causeway, description, strange) as (server, double, caller):
        for mode in FAULTS:
            outage(server, double, caller, mode)
            recovery(server, double, mode)


def messages_stop(causeway, directory, strange):
    with ecosystem.running(causeway, directory) as description, \
            behind_double(causeway, description, strange) as (server, double, caller):
        double.mode = "dead"
        check(caller.call() == (200, None), "a message is answered at first")
        server.ask_now()
        refused = (500, "server.serverproxy.timestamping_failed")
        seen = []

        def is_refused():
            seen.append(caller.call())
            return seen[-1] == refused
        wait_until(is_refused, f"messages are refused after {SHORT_PERIOD} s")
        check(set(seen) <= {(200, None), refused}, "and never otherwise")
        double.mode = GOOD
        server.ask_now()
        wait_until(lambda: caller.call() == (200, None), "messages go on when the service is back")
        wait_until(lambda: all_stamped(server), "all is stamped")


def main():
    causeway = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="causeway-outage-") as name, \
            stranger(causeway, pathlib.Path(name)) as strange:
        directory = pathlib.Path(name)
        with ecosystem.running(causeway, directory):
            print("ok: the ecosystem is made", flush=True)
        parameters = {"acceptable-timestamp-failure-period": PERIOD, "timestamp-retry-delay": 1,
                      "timestamper-client-connect-timeout": 1000, "timestamper-client-read-timeout": 2000}
        set_parameters(directory, parameters)
        messages_go_on(causeway, directory, strange)
        set_parameters(directory, parameters | {"acceptable-timestamp-failure-period": SHORT_PERIOD})
        messages_stop(causeway, directory, strange)


main()
