#!/usr/bin/env python3
"""A time-stamping service that is dead, slow or wrong: messages go on, the log waits, the
status says why and for how long messages will go on, and all is stamped afterwards. Where
the acceptable failure period has passed messages are refused, until the service is back."""
import contextlib
import pathlib
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
import ecosystem  # noqa: E402
from caller import Caller  # noqa: E402
from checks import check, wait_until  # noqa: E402
from security_server import SecurityServer  # noqa: E402
from timestamping_double import FAULTS, GOOD, TimestampingDouble, stranger, use  # noqa: E402

MESSAGES = 3    # while the service is at fault
PERIOD = 3600   # seconds; the acceptable failure period of the first part
SHORT_PERIOD = 3


class Server(SecurityServer):
    """One whose time-stamping goes through the double."""

    def timestamping(self):
        """What ctl prints, and its exit code."""
        return self.status("timestamping", "status")

    def fault(self):
        services = self.timestamping()[0]["services"]
        return services[0]["fault"]["code"] if services and services[0]["fault"] else None

    def waiting(self):
        return self.timestamping()[0]["waiting"]


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
    server.hasten()
    wait_until(lambda: double.requests > asked, f"{mode}: the service is asked")
    check(caller.call() == (200, None), f"{mode}: a message is answered meanwhile")
    wait_until(lambda: server.fault() == FAULTS[mode], f"{mode}: its fault is {FAULTS[mode]}")
    status, code = server.timestamping()
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
    server.hasten()
    time.sleep(0.5)
    return False


def all_stamped(server):
    """Asks again until it is so: a round takes what the index has, a moment behind the log."""
    if server.waiting() == 0:
        return True
    server.hasten()
    time.sleep(0.5)
    return False


def recovery(server, double, mode):
    double.mode = GOOD
    server.hasten()
    wait_until(lambda: all_stamped(server), f"{mode}: all is stamped when the service is back")
    status, code = server.timestamping()
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
        server.hasten()
        refused = (500, "server.serverproxy.timestamping_failed")
        seen = []

        def is_refused():
            seen.append(caller.call())
            return seen[-1] == refused
        wait_until(is_refused, f"messages are refused after {SHORT_PERIOD} s")
        check(set(seen) <= {(200, None), refused}, "and never otherwise")
        double.mode = GOOD
        server.hasten()
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
