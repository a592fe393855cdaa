"""Load from `causeway bench-load`, and what it measured."""
import json
import subprocess


def load(causeway, url, headers, connections, seconds):
    """One round: requests per second, p50 and p99 in milliseconds, errors."""
    words = [causeway, "bench-load", url, "--connections", str(connections), "--seconds", str(seconds)]
    for name, value in headers.items():
        words += ["--header", f"{name}: {value}"]
    figures = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    return figures | {"errors": figures["refused"] + figures["broken"]}
