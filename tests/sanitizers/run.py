#!/usr/bin/env python3
"""Runs a test whose programs are built with sanitizers, and fails when any process that it
started was reported, whatever that process's exit code came to.

    run.py NAME REPORTS COMMAND...

REPORTS is a folder; what is reported is left in REPORTS/NAME.
"""
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SYMBOLIZER = "/usr/lib/llvm-19/bin/llvm-symbolizer"
SHOWN = 20000  # characters of one report


def options(folder):
    """What every process of the test finds in its environment."""
    common = {"log_path": folder / "report", "handle_abort": 1}
    if os.access(SYMBOLIZER, os.X_OK):
        common["external_symbolizer_path"] = SYMBOLIZER
    of = {
        "ASAN": common | {"detect_leaks": 1, "check_initialization_order": 1, "strict_string_checks": 1},
        "LSAN": {"suppressions": HERE / "leaks.supp", "print_suppressions": 0},
        "UBSAN": common | {"print_stacktrace": 1},
        "TSAN": common | {"suppressions": HERE / "races.supp", "second_deadlock_stack": 1},
    }
    return {f"{name}_OPTIONS": ":".join(f"{key}={value}" for key, value in values.items())
            for name, values in of.items()}


def main():
    name, reports, *command = sys.argv[1:]
    folder = pathlib.Path(reports) / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    ended = subprocess.run(command, env=os.environ | options(folder)).returncode
    found = sorted(folder.iterdir())
    for report in found:
        print(f"== reported by a sanitizer: {report}\n{report.read_text(errors='replace')[:SHOWN]}")
    sys.exit(1 if found or ended < 0 else ended)


main()
