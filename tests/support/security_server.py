"""A Security Server of a running ecosystem, as its administrator sees it."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from checks import PATIENCE, wait_until

PAGE = 1000  # records


class SecurityServer:
    def __init__(self, causeway, description):
        self.causeway, self.id = causeway, description["id"]
        self.directory = pathlib.Path(description["directory"])

    def configure(self, **parameters):
        """System parameters of the message log; read when a process starts."""
        lines = [f"{name.replace('_', '-')} = {value}" for name, value in parameters.items()]
        (self.directory / "conf.d" / "test.ini").write_text("[message-log]\n" + "\n".join(lines) + "\n")

    def ctl(self, *words):
        return subprocess.run([str(word) for word in (self.causeway, "ctl", *words, "--dir", self.directory, "--json")],
                              capture_output=True, text=True, timeout=PATIENCE)

    def status(self, *words):
        """What a command says, and its exit code."""
        done = self.ctl(*words)
        return json.loads(done.stdout), done.returncode

    def process(self, name):
        """Of this moment; None while it does not run."""
        return json.loads((self.directory / "run" / "pids.json").read_text())[name]

    def records(self):
        """All of the message log."""
        found, after = [], 0
        while after is not None:
            page, code = self.status("messagelog", "find", "--after", after, "--limit", PAGE)
            if code != (0 if page["records"] else 1):
                sys.exit(f"FAILED: {self.id}: looking for records ended with {code}")
            found += page["records"]
            after = page["after"]
        return found

    def hasten(self):
        """A round of time-stamping, at once."""
        admin = self.process("admin")
        if admin is not None:
            os.kill(admin, signal.SIGHUP)

    def stamp_all(self):
        time.sleep(1)  # what is logged until now
        begin = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 1))

        def stamped():
            self.hasten()
            time.sleep(0.5)
            status, _ = self.status("timestamping", "status")
            return status["updated"] > begin and status["failing_since"] is None and status["waiting"] == 0
        wait_until(stamped, f"{self.id}: all records are time-stamped")
