#!/usr/bin/env python3
"""`causeway bench --quick`: everything it measures works, and it leaves nothing behind."""
import json
import pathlib
import subprocess
import sys
import tempfile


def left_over(directory):
    """Command lines of processes that still name the directory."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if directory in line:
            found.append(line)
    return found


def main():
    causeway = sys.argv[1]
    with tempfile.TemporaryDirectory() as directory:
        figures = pathlib.Path(directory) / "figures.json"
        done = subprocess.run([causeway, "bench", "--quick", "--dir", f"{directory}/run", "--json", figures],
                              capture_output=True, text=True)
        print(done.stdout + done.stderr)
        if done.returncode != 0:
            sys.exit(f"exit code {done.returncode}")
        report = json.loads(figures.read_text())
        left = left_over(directory)
    numbers = {goal["number"] for goal in report["goals"]}
    assert numbers >= {"1", "4", "6", "14"}, numbers
    assert all(goal["rounds"] for goal in report["goals"]), report["goals"]
    assert not report["failures"], report["failures"]
    rows = [row for table in report["tables"] for row in table["rows"] if "requests/s" in row]
    assert rows and all(row["requests/s"] > 0 for row in rows), rows
    together = [row for table in report["tables"] for row in table["rows"] if "messages/signature" in row]
    assert together and all(row["messages/signature"] >= 1 and row["flushes/s"] > 0 for row in together), together
    assert report["machine"]["openssl"].startswith("OpenSSL"), report["machine"]
    assert not left, left


main()
