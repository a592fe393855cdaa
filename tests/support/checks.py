"""How a script says what it saw, and waits for it."""
import sys
import time

PATIENCE = 120  # seconds for what takes a few


def check(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")
    print(f"ok: {what}", flush=True)


def wait_until(condition, what, pause=0.1, instead=lambda: ""):
    """`instead` tells what was seen in its place."""
    begin = time.time()
    while not condition():
        if time.time() > begin + PATIENCE:
            sys.exit(f"FAILED: {what}, not after {PATIENCE} s {instead()}")
        time.sleep(pause)
    print(f"ok: {what} ({time.time() - begin:.1f} s)", flush=True)
