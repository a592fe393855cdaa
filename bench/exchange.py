#!/usr/bin/env python3
"""Signed and logged exchange against two nginx hops of mutual TLS that sign nothing.

Everything runs on this machine: a local ecosystem, an nginx pair, the load generator.
The rounds of the measures are interleaved, so that what else the machine does falls on
all alike: quote ratios, not absolute numbers.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))
import ecosystem  # noqa: E402
from load import load  # noqa: E402


class Nginx:
    """Two hops: plain HTTP in, mutual TLS between, plain HTTP to the service."""

    def __init__(self, directory, service):
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.front, self.back = ecosystem.free_port(), ecosystem.free_port()
        self.make_certificates()
        (directory / "nginx.conf").write_text(self.configuration(service))
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-p", str(directory), "-c", "nginx.conf", "-e", "error.log"])
        ecosystem.wait_for_port(self.front)

    def make_certificates(self):
        def openssl(*words):
            subprocess.run(["openssl", *words], cwd=self.directory, check=True, capture_output=True)
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.crt",
                "-subj", "/CN=bench", "-days", "2")
        for name in ("front", "back"):
            openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr",
                    "-subj", f"/CN={name}")
            openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
                    "-out", f"{name}.crt", "-days", "2")

    def configuration(self, service):
        return f"""
daemon off; worker_processes 2; pid nginx.pid;
events {{ worker_connections 4096; }}
http {{
  access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  keepalive_requests 1000000;
  upstream back {{ server 127.0.0.1:{self.back}; keepalive 512; keepalive_requests 1000000; }}
  upstream service {{ server {service}; keepalive 512; keepalive_requests 1000000; }}
  server {{
    listen 127.0.0.1:{self.front} backlog=2048;
    location / {{
      proxy_pass https://back; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_ssl_certificate front.crt; proxy_ssl_certificate_key front.key;
      proxy_ssl_verify on; proxy_ssl_trusted_certificate ca.crt; proxy_ssl_name back; proxy_ssl_protocols TLSv1.3;
    }}
  }}
  server {{
    listen 127.0.0.1:{self.back} ssl backlog=2048;
    ssl_certificate back.crt; ssl_certificate_key back.key; ssl_protocols TLSv1.3;
    ssl_client_certificate ca.crt; ssl_verify_client on;
    location / {{ proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
}}
"""

    def stop(self):
        self.process.terminate()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--causeway", default=str(ecosystem.ROOT / "build/release/causeway"))
    parser.add_argument("--dir", default=str(ecosystem.ROOT / "build/bench"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 64])
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    options = parser.parse_args()

    directory = pathlib.Path(options.dir)
    with ecosystem.running(options.causeway, directory) as description:
        url, headers, direct = ecosystem.object_across_the_border(description, "1024")
        nginx = Nginx(directory / "nginx", direct.split("/")[2])
        try:
            path = "/" + "/".join(direct.split("/")[3:])
            results = measure({
                "direct": (direct, {}),
                "nginx": (f"http://127.0.0.1:{nginx.front}{path}", {}),
                "causeway": (url, headers),
            }, options)
        finally:
            nginx.stop()
        memory = {name: round(ecosystem.proportional_memory(pid), 1)
                  for name, pid in ecosystem.processes(description).items()}
    report(results, memory, options)


def measure(targets, options):
    results = {}
    for connections in options.connections:
        rounds = {name: [] for name in targets}
        for name, (url, headers) in targets.items():
            load(url, headers, connections, 1)  # connections, caches and sessions are made
        for _ in range(options.rounds):
            for name, (url, headers) in targets.items():
                rounds[name].append(load(url, headers, connections, options.seconds))
        results[connections] = rounds
    return results


def median(rounds, what):
    return statistics.median(r[what] for r in rounds)


def report(results, memory, options):
    lines = []
    for connections, rounds in results.items():
        for name, figures in rounds.items():
            lines.append({"connections": connections, "measure": name, "requests_per_second": round(median(figures, "rate")),
                          "p50_ms": round(median(figures, "p50"), 2), "p99_ms": round(median(figures, "p99"), 2),
                          "errors": sum(f["errors"] for f in figures),
                          "of_nginx": round(median(figures, "rate") / median(rounds["nginx"], "rate"), 3)})
    machine = {"cores": os.cpu_count(), "cpu": cpu_name()}
    document = {"machine": machine, "results": lines, "pss_mb": memory, "goals": []}
    (pathlib.Path(options.dir) / "report.json").write_text(json.dumps(document, indent=2) + "\n")
    if options.json:
        print(json.dumps(document, indent=2))
    else:
        print(f"1 KB REST GET, {machine['cores']} cores, {machine['cpu']}; median of {options.rounds} interleaved rounds of "
              f"{options.seconds} s; keep-alive; RSA-2048; load generator and service on the same machine")
        print(f"{'connections':>11}  {'measure':<9} {'req/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'errors':>7} {'of nginx':>9}")
        for line in lines:
            print(f"{line['connections']:>11}  {line['measure']:<9} {line['requests_per_second']:>8} {line['p50_ms']:>8} "
                  f"{line['p99_ms']:>8} {line['errors']:>7} {line['of_nginx']:>9}")
        print("memory (PSS, MB) after the load: " + ", ".join(f"{name} {value}" for name, value in memory.items()))
    if any(line["errors"] for line in lines):
        sys.exit("some requests failed: the figures do not count")


def cpu_name():
    match = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return match.group(1) if match else "unknown"


main()
