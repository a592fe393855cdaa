#!/usr/bin/env python3
"""SIGHUP reaches processes of servers in the first moments of their lives, before they know what to do with it. It ends
none of them; and one that comes while a configuration is downloaded is no reason to miss what changed meanwhile."""
import contextlib
import http.server
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
import ecosystem  # noqa: E402
from central_server import CentralServer  # noqa: E402
from checks import check, wait_until  # noqa: E402

TIMES = 5  # that each of the processes is killed under the storm
ANCHOR = """<?xml version="1.0" encoding="UTF-8"?>
<t:configurationAnchor xmlns:t="http://x-road.eu/xsd/xroad.xsd"><generatedAt>2026-03-01T10:00:00.000Z</generatedAt>
<instanceIdentifier>EX</instanceIdentifier><source><downloadURL>http://127.0.0.1:{}/internalconf</downloadURL>
<verificationCert>MIIB</verificationCert></source></t:configurationAnchor>"""


def heeds_hangups(pid):
    """Whether the process ignores, blocks or catches the signal; by default it would end it."""
    try:
        status = dict(line.split(":\t", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    except (FileNotFoundError, ProcessLookupError):
        return False
    return any(int(status[name], 16) >> (signal.SIGHUP - 1) & 1 for name in ("SigBlk", "SigIgn", "SigCgt"))


class Storm:
    """Signals to a supervisor, once it heeds them, and to its children from the moment in which there are any."""

    def __init__(self, supervisor):
        self.supervisor, self.children, self.sent = supervisor, set(), 0
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.rage, daemon=True)
        self.list = pathlib.Path(f"/proc/{supervisor}/task/{supervisor}/children")

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()

    def rage(self):
        wait_until(lambda: heeds_hangups(self.supervisor), "the supervisor heeds hangups", pause=0.0005)
        while not self.ending.wait(0.001):
            for child in map(int, self.list.read_text().split()):
                self.children.add(child)
                self.send(child)
            if self.sent % 50 == 0:
                self.send(self.supervisor)

    def send(self, pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGHUP)
        self.sent += 1


def survives(directory, process, names):
    """A server whose `process` has begun right now."""
    def pids():
        try:
            known = json.loads((directory / "run" / "pids.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return known if known["supervisor"] == process.pid else {}

    with Storm(process.pid) as storm:
        wait_until(lambda: pids().get("ready"), f"{names}: all serve in the storm", pause=0.005)
        check(storm.children == {pids()[name] for name in names}, f"none of them was started twice: {storm.sent} signals")
        for name in names * TIMES:
            before = pids()
            os.kill(before[name], signal.SIGKILL)
            wait_until(lambda: pids()[name] not in (None, before[name]), f"{name} is started again", pause=0.005)
            again = pids()[name]
            wait_until(lambda: pids()["ready"], "and serves", pause=0.005)
            check(pids()[name] == again, "the same one")
        check(process.poll() is None, "the supervisor is there")


@contextlib.contextmanager
def running(causeway, directory, *command):
    with open(directory / "log", "a") as log:
        process = subprocess.Popen([str(causeway), *command, "--dir", str(directory)], stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        check(process.wait(60) == 0, f"{command[0]} ends as it should")


def ended_by_a_hangup(directory):
    return [line for line in (directory / "log").read_text().splitlines() if "ended with signal 1;" in line]


def central_server(causeway, scratch):
    directory = CentralServer(causeway, scratch / "centre").directory
    with running(causeway, directory, "central-server", "run") as process:
        survives(directory, process, ["signer", "center"])
    check(not ended_by_a_hangup(directory), "no process of the Central Server was ended by a hangup")


def security_server(causeway, scratch):
    directory = scratch / "ss"
    (directory / "conf.d").mkdir(parents=True)
    http_port, https_port, ocsp_port = (ecosystem.free_port() for _ in range(3))
    (directory / "conf.d" / "local.ini").write_text(
        f"[proxy]\nconnector-host = 127.0.0.1\nclient-http-port = {http_port}\nclient-https-port = {https_port}\n"
        f"ocsp-responder-listen-address = 127.0.0.1\nocsp-responder-listen-port = {ocsp_port}\n")
    (directory / "server.yaml").write_text('{"version": 1, "server": "EX/GOV/1/ss1", "timestamping_urls": [], '
                                           '"clients": [{"id": "EX/GOV/1"}]}')
    with running(causeway, directory, "security-server") as process:
        survives(directory, process, ["signer", "admin", "proxy"])
    check(not ended_by_a_hangup(directory), "no process of the Security Server was ended by a hangup")


class SlowSource(http.server.ThreadingHTTPServer):
    """Has nothing, and says so after a while."""
    daemon_threads = True

    def __init__(self):
        source = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                source.asked += 1
                source.answers.wait(60)
                self.send_error(500)

            def log_message(self, *_):
                pass
        self.asked, self.answers = 0, threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


def a_hangup_during_a_download(causeway, scratch):
    """What it asks for may be newer than what is on its way."""
    source, directory = SlowSource(), scratch / "client"
    (directory / "conf.d").mkdir(parents=True)
    (directory / "conf.d" / "local.ini").write_text("[configuration-client]\nupdate-interval = 3600\n")
    (directory / "configuration-anchor.xml").write_text(ANCHOR.format(source.server_port))
    with running(causeway, directory, "security-server-admin") as process:
        wait_until(lambda: source.asked == 1, "a download waits for its source")
        os.kill(process.pid, signal.SIGHUP)
        time.sleep(1)
        begin = time.time()
        source.answers.set()
        # Without a configuration it would try again by itself, after three seconds.
        wait_until(lambda: source.asked == 2, "there is another one after it")
        check(time.time() - begin < 2, "at once")
    source.shutdown()
    source.server_close()


def main(causeway):
    with tempfile.TemporaryDirectory(prefix="causeway-hangup-") as scratch:
        scratch = pathlib.Path(scratch)
        central_server(causeway, scratch)
        security_server(causeway, scratch)
        a_hangup_during_a_download(causeway, scratch)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
