"""A node of a Central Server, one of several that share a database."""
import os
import signal
import socket
import subprocess
import time

from central_server import VALIDITY, CentralServer
from checks import wait_until
from signed_directory import SignedDirectory


class Node(CentralServer):
    """At an address of its own and the ports of the first, as nodes on several machines have."""

    def __init__(self, causeway, directory, name, database, address, ports=None):
        super().__init__(causeway, directory, f"global-configuration-generation-rate-in-seconds = 2\n"
                         f"[center]\ndatabase = {database}\nha-node-name = {name}\n")
        self.name, self.address, self.database = name, address, database
        self.settings = self.directory / "conf.d" / "local.ini"
        text = self.settings.read_text()
        for section in "center", "management-service":
            text = text.replace(f"[{section}]\nlisten-address = 127.0.0.1", f"[{section}]\nlisten-address = {address}")
        if ports:
            text = text.replace(f"listen-port = {self.port}", f"listen-port = {ports[0]}")
            text = text.replace(f"listen-tls-port = {self.tls_port}", f"listen-tls-port = {ports[1]}")
            self.port, self.tls_port = ports
        self.settings.write_text(text)

    def join(self, *sources):
        """With a key for each of the sources."""
        self.initialize()
        self.login()
        for source in sources:
            self.add_key(source, self.name)

    def published(self):
        """None without any."""
        file = self.directory / "public" / "V6" / "internalconf"
        return SignedDirectory(file.read_bytes()) if file.exists() else None

    def left(self):
        return self.published().left() if self.published() else 0

    def goes_on(self, what):
        before = self.published()
        time.sleep(1.1)  # its times are in seconds
        wait_until(lambda: self.published() and (not before or self.published().expires > before.expires), what,
                   instead=self.log)

    def validity(self, seconds):
        subprocess.run(["psql", self.database, "-qc", VALIDITY.format(seconds)], check=True)

    def kill(self):
        """As a power cut: all of its processes at once."""
        pids = self.pids()
        for name in "supervisor", "center", "signer":
            os.kill(pids[name], signal.SIGKILL)
        self.process.wait()
        self.process = None
        wait_until(lambda: not self.listens(), f"{self.name} is dead")

    def listens(self):
        with socket.socket() as knock:
            return knock.connect_ex((self.address, self.port)) == 0
