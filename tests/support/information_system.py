"""A register behind a REST service, and those who ask it through their Security Server."""
import http.server
import json
import subprocess
import threading

from checks import PATIENCE, wait_until


class Register(http.server.ThreadingHTTPServer):
    """Says who asks, and for what, at `url`; counts how often it was `asked`."""
    daemon_threads = True

    def __init__(self):
        register = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                with register.lock:
                    register.asked += 1
                body = json.dumps({"client": self.headers["X-Road-Client"], "path": self.path}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        self.asked, self.lock = 0, threading.Lock()
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


def register_client(id, url, callers):
    """How server.yaml has a subsystem that offers the register."""
    return {"id": id, "services": [{"code": "echo", "type": "rest", "url": url}], "rights": {"echo": callers}}


def asked(server, client, register):
    """What curl gets from a register: status and JSON."""
    url = f"http://{server.address}:{server.ports.http}/r1/{register}/echo/here"
    done = subprocess.run(["curl", "-sS", "-w", "\n%{http_code}", "-H", f"X-Road-Client: {client}", url],
                          capture_output=True, text=True, timeout=PATIENCE)
    body, _, status = done.stdout.rpartition("\n")
    return status, json.loads(body) if body.startswith("{") else body + done.stderr


def wait_for_answer(server, client, register, what):
    seen = []

    def good():
        seen.append(asked(server, client, register))
        return seen[-1] == ("200", {"client": client, "path": "/here"})
    wait_until(good, what, pause=0.5, instead=lambda: seen[-1])


def wait_for_refusal(server, client, register, code, what):
    seen = []

    def refused():
        seen.append(asked(server, client, register))
        status, fault = seen[-1]
        return status == "500" and isinstance(fault, dict) and fault["type"] == code
    wait_until(refused, what, pause=0.2, instead=lambda: seen[-1])
