#!/usr/bin/env python3
"""What strangers do at the doors of a Central Server costs it little, and keeps nobody out: at all of its ports they
say nothing, say it slowly, or never end, while officers and Security Servers are served."""
import contextlib
import pathlib
import resource
import socket
import ssl
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "support"), str(HERE.parent.parent / "demo")]
from central_server import CentralServer  # noqa: E402
from checks import check, wait_until  # noqa: E402

CROWD = 700  # connections at a time
GROWTH = 64  # megabytes that they may cost together
PATIENT = 30  # seconds in which an honest request is served
HOST = ("127.0.0.1",)


def raw(port):
    return socket.create_connection(HOST + (port,), timeout=30)


def over_tls(port):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(raw(port))


class Doors:
    def __init__(self, server):
        self.server = server
        self.plain = [server.port]
        self.tls = [server.admin_port, server.tls_port, server.registration_port, server.management_port]

    def open(self, port):
        return raw(port) if port in self.plain else over_tls(port)


class Cost:
    """Of a case, in memory and file handles of the centre."""

    def __init__(self, server, what):
        self.server, self.what = server, what

    def process(self):
        return pathlib.Path(f"/proc/{self.server.pids()['center']}")

    def memory(self):
        return next(int(line.split()[1]) for line in (self.process() / "status").read_text().splitlines()
                    if line.startswith("VmRSS")) / 1024

    def handles(self):
        return len(list((self.process() / "fd").iterdir()))

    def __enter__(self):
        self.before = self.memory(), self.handles()
        return self

    def grown(self):
        grown = self.memory() - self.before[0]
        check(grown < GROWTH, f"{self.what}: {grown:.0f} MB")

    def __exit__(self, kind, *_):
        if kind is None:
            wait_until(lambda: self.handles() <= self.before[1] + 20, f"{self.what}: handles are free again",
                       instead=lambda: f"{self.handles()} instead of {self.before[1]}")


def is_served(server, number=[0]):
    number[0] += 1
    begin = time.time()
    server.do("POST", "/global-groups", {"code": f"group-{number[0]}", "description": "Some"})
    check(server.directory_of(6) is not None, "the configuration is given out")
    check(time.time() - begin < PATIENT, f"honest requests are served ({time.time() - begin:.1f} s)")


def closed(connection):
    """Whether the other side has ended, at once or soon."""
    connection.settimeout(90)
    try:
        while connection.recv(65536):
            pass
    except (ConnectionError, ssl.SSLError):
        pass
    except TimeoutError:
        return False
    return True


def silence(server, doors):
    with Cost(server, f"{CROWD} that say nothing") as cost, contextlib.ExitStack() as stack:
        ports = doors.plain + doors.tls
        crowd = [stack.enter_context(raw(port)) for port in ports for _ in range(CROWD // len(ports))]
        is_served(server)
        cost.grown()
        check(all(closed(connection) for connection in crowd[::CROWD // 10]), "they are sent away")


def more_than_handles(server, doors):
    """Each port is given more connections than the process may have files."""
    for port in doors.plain + doors.tls:
        with Cost(server, f"more connections than file handles at {port}"), contextlib.ExitStack() as stack:
            for _ in range(CROWD):
                stack.enter_context(raw(port))
            is_served(server)


def heads_without_end(server, doors):
    for port in doors.plain + doors.tls:
        with Cost(server, f"headers without end at {port}") as cost:
            for _ in range(20):
                with doors.open(port) as connection, contextlib.suppress(OSError):
                    connection.sendall(b"GET /api/v1/clients HTTP/1.1\r\n")
                    for _ in range(2000):
                        connection.sendall(b"x-more: " + b"y" * 1000 + b"\r\n")
            is_served(server)
            cost.grown()


def bodies_without_end(server, doors):
    paths = {server.admin_port: "/api/v1/members", server.registration_port: "/managementservice/",
             server.management_port: "/managementservice/manage/", server.tls_port: "/internalconf",
             server.port: "/internalconf"}
    for port in doors.plain + doors.tls:
        with Cost(server, f"bodies without end at {port}") as cost:
            for _ in range(10):
                with doors.open(port) as connection, contextlib.suppress(OSError):
                    connection.sendall(f"POST {paths[port]} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                       f"Authorization: X-Road-ApiKey token={server.key}\r\n"
                                       "Transfer-Encoding: chunked\r\n\r\n".encode())
                    for _ in range(400):
                        connection.sendall(b"10000\r\n" + b"z" * 0x10000 + b"\r\n")
            is_served(server)
            cost.grown()


def lengths_that_lie(server, doors):
    for port in doors.plain + doors.tls:
        for length in "99999999999999999999", "-1", "1e3", "9223372036854775807":
            with doors.open(port) as connection, contextlib.suppress(OSError):
                connection.sendall(f"POST /api/v1/members HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\nx"
                                   .encode())
                answer = connection.recv(12)
                check(answer[9:10] in (b"4", b""), f"a length of {length} is refused {answer}")
    is_served(server)


def slow_bodies(server, doors):
    with Cost(server, "bodies an octet at a time") as cost, contextlib.ExitStack() as stack:
        crowd = [stack.enter_context(doors.open(port)) for port in doors.tls for _ in range(50)]
        for connection in crowd:
            connection.sendall(b"POST /managementservice/ HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n"
                               b"Content-Length: 40000\r\n\r\n")
        for _ in range(5):
            for connection in crowd:
                with contextlib.suppress(OSError):
                    connection.sendall(b"x")
            time.sleep(0.2)
        is_served(server)
        cost.grown()


def broken_handshakes(server, doors):
    for port in doors.tls:
        with Cost(server, f"what is no TLS at {port}") as cost:
            for number in range(200):
                with raw(port) as connection, contextlib.suppress(OSError):
                    connection.sendall([b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"\x01" * 3000,
                                        b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03", b"\x80"][number % 4])
            is_served(server)
            cost.grown()


def guessed_keys(server, doors):
    with Cost(server, "keys that are guessed") as cost, doors.open(server.admin_port) as connection:
        connection.settimeout(60)
        for number in range(300):
            connection.sendall(f"GET /api/v1/clients HTTP/1.1\r\nHost: x\r\nAuthorization: X-Road-ApiKey token="
                               f"{number:032}\r\n\r\n".encode())
            answer = b""
            while b"\r\n\r\n" not in answer or not answer.endswith(b"}"):
                piece = connection.recv(65536)
                if not piece:
                    break
                answer += piece
            if not answer.startswith((b"HTTP/1.1 401", b"HTTP/1.1 429")):
                check(False, f"a guessed key: {answer[:100]}")
        is_served(server)
        cost.grown()


def publishes(server):
    server.initialize()
    server.login()
    server.add_key("INTERNAL")
    server.do("POST", "/member-classes", {"code": "GOV", "description": "Government"})
    server.add_member("GOV", "1")
    server.add_provider("EX:GOV:1:management")
    wait_until(lambda: server.directory_of(6), "the configuration is published", instead=server.log)


def with_handles(causeway, count, scratch):
    """The program, for a machine that allows it so many files."""
    script = scratch / "causeway"
    script.write_text(f'#!/bin/sh\nulimit -n {count}\nexec "{pathlib.Path(causeway).resolve()}" "$@"\n')
    script.chmod(0o755)
    return script


def run(causeway, directory, *cases):
    with CentralServer(causeway, directory) as server:
        publishes(server)
        for case in cases:
            case(server, Doors(server))
        check(server.process.poll() is None, "and the server runs")


def main(causeway):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4 * CROWD, hard), hard))
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        run(causeway, scratch / "centre", lengths_that_lie, broken_handshakes, heads_without_end, bodies_without_end,
            slow_bodies, guessed_keys, silence)
        run(with_handles(causeway, 400, scratch), scratch / "small", more_than_handles)


if __name__ == "__main__":
    main(sys.argv[1])
