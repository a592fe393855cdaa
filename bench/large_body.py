#!/usr/bin/env python3
"""A large body in each direction across the border: time, and the memory of every process.

Signed, verified and logged like any other message. Ends with 1 when a process held more
than 100 MB, or when a body did not arrive whole.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "demo"))
import ecosystem  # noqa: E402

LIMIT_MB = 100
UNITS = {"k": 10**3, "M": 10**6, "G": 10**9}


def octets(text):
    return int(text[:-1]) * UNITS[text[-1]] if text[-1] in UNITS else int(text)


def curl(url, headers, *more):
    words = ["curl", "-sS", "--fail-with-body", "-w", "%{http_code} %{size_download} %{size_upload}"]
    for name, value in headers.items():
        words += ["-H", f"{name}: {value}"]
    return words + [*more, url]


def download(description, size):
    url, headers, _ = ecosystem.object_across_the_border(description, size)
    done = subprocess.run(curl(url, headers, "-o", "/dev/null"), capture_output=True, text=True)
    return done.stdout.split()[1:2] == [str(octets(size))], done.stdout + done.stderr


def upload(description, size):
    url, headers, _ = ecosystem.object_across_the_border(description, "")
    headers["Content-Type"] = "application/octet-stream"
    source = subprocess.Popen(["head", "-c", str(octets(size)), "/dev/zero"], stdout=subprocess.PIPE)
    done = subprocess.run(curl(url, headers, "-X", "POST", "-T", "-"), stdin=source.stdout, capture_output=True,
                          text=True)
    source.stdout.close()
    source.wait()
    return str(octets(size)) in done.stdout, done.stdout + done.stderr


def measure(description, name, transfer, size):
    processes = ecosystem.processes(description)
    for pid in processes.values():
        ecosystem.forget_peak(pid)
    started = time.monotonic()
    arrived, said = transfer(description, size)
    seconds = time.monotonic() - started
    peaks = {process: round(ecosystem.peak_memory(pid), 1) for process, pid in processes.items()}
    return {"direction": name, "octets": octets(size), "arrived": arrived, "seconds": round(seconds, 1),
            "mb_per_second": round(octets(size) / seconds / 1e6, 1), "peak_mb": peaks,
            "said": "" if arrived else said[:1000]}


def print_result(result):
    peaks = sorted(result["peak_mb"].items(), key=lambda item: -item[1])
    print(f"{result['direction']}: {result['octets'] / 1e9:.1f} GB in {result['seconds']} s, "
          f"{result['mb_per_second']} MB/s; " + ("arrived whole" if result["arrived"] else result["said"]))
    for process, peak in peaks[:6]:
        print(f"  {peak:7.1f} MB at most  {process}")
    print(f"  and {len(peaks) - 6} processes with less")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--causeway", default=str(ecosystem.ROOT / "build/release/causeway"))
    parser.add_argument("--dir", default=str(ecosystem.ROOT / "build/bench"))
    parser.add_argument("--size", default="10G", help="octets, with k, M or G (10G)")
    parser.add_argument("--json", action="store_true", help="print the results as JSON")
    options = parser.parse_args()

    with ecosystem.running(options.causeway, pathlib.Path(options.dir)) as description:
        results = [measure(description, "from a service", download, options.size),
                   measure(description, "to a service", upload, options.size)]
    met = all(r["arrived"] and max(r["peak_mb"].values()) < LIMIT_MB for r in results)
    if options.json:
        print(json.dumps({"limit_mb": LIMIT_MB, "met": met, "results": results}, indent=2))
    else:
        for result in results:
            print_result(result)
        print(f"every process below {LIMIT_MB} MB: {'yes' if met else 'NO'}")
    sys.exit(0 if met else 1)


main()
