"""Causeway's programs, as a script uses them."""
import os
import signal
import subprocess

from checks import PATIENCE, check


class Program:
    """A process of causeway that runs until it is told to end."""

    def __init__(self, causeway, log, *words, environment=None):
        """`environment`: variables beside those of this process."""
        with open(log, "a") as out:
            self.process = subprocess.Popen([str(word) for word in (causeway, *words)], stdout=out, stderr=out,
                                            env={**os.environ, **(environment or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def run(causeway, *words, stdin="", fails=False):
    """What a command prints; when it shall fail, what it says of why."""
    done = subprocess.run([str(word) for word in (causeway, *words)], capture_output=True, text=True, input=stdin,
                          timeout=PATIENCE)
    if (done.returncode != 0) != fails:
        check(False, f"causeway {' '.join(map(str, words))}: {done.stderr[-500:]}")
    return done.stderr if fails else done.stdout
