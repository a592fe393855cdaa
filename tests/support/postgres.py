"""A PostgreSQL server for a script: a data directory of its own, a Unix socket in it and no other address."""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import time

SETTINGS = {"listen_addresses": "", "fsync": "off", "shared_buffers": "16MB"}


def programs():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if not found:
        raise SystemExit("no PostgreSQL in /usr/lib/postgresql (scripts/setup installs it)")
    return found[-1].parent


class Postgres:
    def __init__(self, directory, settings=None):
        self.directory, self.settings = directory, SETTINGS if settings is None else settings
        directory.mkdir(mode=0o700)
        # It does not run as root.
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(directory, self.user, pwd.getpwnam(self.user).pw_gid)
        self.run("initdb", "-D", directory / "data", "-U", "causeway", "-A", "trust", "--no-sync", "-E", "UTF8",
                 "--locale=C.UTF-8")
        self.start()

    def run(self, program, *arguments):
        subprocess.run([str(programs() / program), *map(str, arguments)], check=True, cwd="/", user=self.user,
                       extra_groups=[] if self.user else None, stdout=subprocess.DEVNULL)

    def start(self):
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        with open(self.directory / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [str(programs() / "postgres"), "-D", str(self.directory / "data"), "-k", str(self.directory), *options],
                cwd="/", user=self.user, extra_groups=[] if self.user else None, stdout=log, stderr=log)
        end = time.time() + 120
        while not self.is_ready():
            if self.process.poll() is not None or time.time() > end:
                raise SystemExit((self.directory / "server.log").read_text())
            time.sleep(0.05)

    def is_ready(self):
        state = self.directory / "data" / "postmaster.pid"
        return state.exists() and state.read_text().split("\n")[-2:][0].startswith("ready")

    def new_database(self, name):
        self.run("createdb", "-h", self.directory, "-U", "causeway", name)
        return f"host={self.directory} user=causeway dbname={name}"

    def size_of(self, database):
        """Octets of a database."""
        words = ["psql", "-h", self.directory, "-U", "causeway", "-Atc", f"SELECT pg_database_size('{database}')", "postgres"]
        return int(subprocess.run([str(programs() / words[0]), *map(str, words[1:])], check=True, capture_output=True,
                                  text=True).stdout)

    def processor_seconds(self):
        """Of the server, its processes, and those that have ended."""
        ticks = 0
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                process, rest = stat.read_text().split(" ", 1)
            except OSError:  # it has ended
                continue
            fields = rest.rsplit(")", 1)[1].split()
            if int(process) == self.process.pid:
                ticks += sum(map(int, fields[11:15]))
            elif int(fields[1]) == self.process.pid:
                ticks += sum(map(int, fields[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()

    def kill(self):
        """As a power cut would, but for what is written."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
