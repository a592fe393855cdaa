"""A source of a configuration that spoils it on the way."""
import http.server
import re
import threading


class LyingSource:
    """In the place of a node, at its address and port: what the node has published, spoilt as it is told to."""

    def __init__(self, node):
        self.spoil = self.spoil_part = lambda octets: octets  # of directories, of parts
        self.missing = 0  # octets that are announced and do not come
        source, public = self, node.directory / "public"

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path, _, query = self.path.partition("?")
                version = re.fullmatch(r"version=(\d+)", query)
                is_directory = path == "/internalconf"
                file = public / (f"V{version.group(1) if version else 2}" if is_directory else "") / path[1:]
                if not file.is_file():
                    self.send_error(404)
                    return
                octets = (source.spoil if is_directory else source.spoil_part)(file.read_bytes())
                self.send_response(200)
                self.send_header("Content-Length", str(len(octets) + source.missing))
                self.end_headers()
                self.wfile.write(octets)

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer((node.address, node.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
