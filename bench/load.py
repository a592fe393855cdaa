"""Load from wrk, and what it measured."""
import re
import subprocess

MILLIS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def load(url, headers, connections, seconds):
    """One round of wrk: requests per second, p50 and p99 in milliseconds, errors."""
    words = ["wrk", "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--latency", "--timeout", "30s"]
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    out = subprocess.run([*words, url], check=True, capture_output=True, text=True).stdout

    def percentile(which):
        number, unit = re.search(rf"^\s+{which}%\s+([\d.]+)(us|ms|s)", out, re.M).groups()
        return float(number) * MILLIS[unit]
    errors = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", out))
    errors += sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", out))
    return {"rate": float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
            "p50": percentile(50), "p99": percentile(99), "errors": errors}
