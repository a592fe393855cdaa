#!/usr/bin/env python3
"""Runs the sample requests of a running ecosystem and shows what they answer.

    demo/samples.py build/demo [part of a sample's name]

Ends with 1 when an answer has another HTTP status than ecosystem.json says.
"""
import json
import pathlib
import subprocess
import sys
import time

SHOWN = 400  # characters of an answer


def run(sample):
    """Status, milliseconds and the beginning of the answer."""
    line = sample["curl"] + r" -w '\n%{http_code}'"
    start = time.monotonic()
    out = subprocess.run(line, shell=True, capture_output=True, timeout=300).stdout.decode(errors="replace")
    body, _, status = out.rpartition("\n")
    return status, (time.monotonic() - start) * 1000, body.strip()[:SHOWN]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    description = pathlib.Path(sys.argv[1]) / "ecosystem.json"
    wanted = " ".join(sys.argv[2:]).lower()
    samples = [s for s in json.loads(description.read_text())["samples"] if wanted in s["name"].lower()]
    wrong = 0
    for sample in samples:
        status, milliseconds, body = run(sample)
        as_said = status == str(sample["expect"])
        wrong += not as_said
        print(f"{sample['name']}\n  {sample['curl']}")
        verdict = status if as_said else f"{status} instead of {sample['expect']}"
        print(f"  -> {verdict}, {milliseconds:.0f} ms")
        print("     " + body.replace("\n", "\n     ") + "\n")
    print(f"{len(samples) - wrong} of {len(samples)} as expected")
    sys.exit(1 if wrong or not samples else 0)


main()
