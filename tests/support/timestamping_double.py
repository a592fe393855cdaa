"""A time-stamping service for tests, in front of a real one and with its faults at will."""
import contextlib
import http.server
import pathlib
import socket
import subprocess
import sys
import threading
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "demo"))
import ecosystem  # noqa: E402

# What a time-stamping service may do wrong, and the code of the fault by which it is known.
FAULTS = {
    "dead": "mlog.timestamp_provider_connection_failed",
    "slow": "mlog.timestamp_request_timed_out",
    "trickling": "mlog.timestamp_request_timed_out",
    "refusing": "mlog.timestamping_non_ok_response",
    "garbage": "mlog.reading_timestamp_response_failed",
    "wrong_imprint": "mlog.timestamp_response_validation_failed",
    "wrong_certificate": "tsp_certificate_not_found",
}
GOOD = "good"


class TimestampingDouble:
    """`real` and `stranger` are URLs: of the approved service, and of one nobody approved."""

    def __init__(self, real, stranger):
        self.real, self.stranger = real, stranger
        self.mode, self.requests = GOOD, 0
        self.stopped = threading.Event()
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                double.requests += 1
                double.answer(self, body)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsa"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.stopped.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler, body):
        mode = self.mode
        if mode == "dead":
            # As a killed process: the connection is reset.
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            handler.connection.close()
            handler.close_connection = True
        elif mode == "slow":
            self.stopped.wait(600)
        elif mode == "trickling":
            self.trickle(handler, forward(self.real, body))
        elif mode == "refusing":
            handler.send_error(503)
        elif mode == "garbage":
            reply(handler, b"\x30\x82\x10\x00 this is no time-stamp response")
        elif mode == "wrong_imprint":
            reply(handler, forward(self.real, with_another_imprint(body)))
        elif mode == "wrong_certificate":
            reply(handler, forward(self.stranger, body))
        else:
            reply(handler, forward(self.real, body))

    def trickle(self, handler, answer):
        begin(handler, len(answer))
        for octet in answer:
            if self.stopped.wait(0.5):
                return
            try:
                handler.wfile.write(bytes([octet]))
            except OSError:
                return


def begin(handler, length):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/timestamp-reply")
    handler.send_header("Content-Length", str(length))
    handler.end_headers()


def reply(handler, answer):
    begin(handler, len(answer))
    handler.wfile.write(answer)


def forward(url, body):
    request = urllib.request.Request(url, body, {"Content-Type": "application/timestamp-query"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.read()


def with_another_imprint(request):
    """A TimeStampReq (RFC 3161, 2.4.1) over another digest of the same length."""
    # The digest is the only OCTET STRING of 64 octets (SHA-512).
    at = request.index(b"\x04\x40") + 2
    return request[:at] + bytes(octet ^ 0xFF for octet in request[at:at + 64]) + request[at + 64:]


@contextlib.contextmanager
def stranger(causeway, directory):
    """URL of a time-stamping service that no global configuration names."""
    port = ecosystem.free_port()
    process = subprocess.Popen([causeway, "test-ca", "--dir", directory / "stranger", "--port", str(port)],
                               stdout=subprocess.DEVNULL)
    try:
        ecosystem.wait_for_port(port)
        yield f"http://127.0.0.1:{port}/tsa"
    finally:
        process.terminate()
        process.wait()


def use(server_directory, url):
    """Makes this the time-stamping service of a Security Server, which takes it up by itself."""
    file = pathlib.Path(server_directory) / "server.yaml"
    lines = file.read_text().splitlines()
    at = lines.index("timestamping_urls:") + 1
    lines[at] = lines[at].split("-")[0] + f'- "{url}"'
    new = file.with_suffix(".new")
    new.write_text("\n".join(lines) + "\n")
    new.rename(file)
