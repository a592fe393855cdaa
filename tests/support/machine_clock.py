"""The clock of a machine, as the programs see it that run there."""
import glob

LIBRARIES = "/usr/lib/*/faketime/libfaketimeMT.so.1"


class MachineClock:
    """Right at first. It can be set while programs run, which follow within a second."""

    def __init__(self, file):
        found = glob.glob(LIBRARIES)
        if not found:
            raise SystemExit(f"no {LIBRARIES} (scripts/setup installs it)")
        self.file = file
        self.ahead(0)
        # Intervals are measured by another clock, which nobody sets; nor do files change their dates.
        self.environment = {"LD_PRELOAD": found[0], "FAKETIME_TIMESTAMP_FILE": str(file),
                            "FAKETIME_CACHE_DURATION": "1",
                            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}

    def ahead(self, seconds):
        """Of the right time; behind it, if less than nothing."""
        draft = self.file.with_suffix(".new")
        draft.write_text(f"{seconds:+d}s\n")
        draft.rename(self.file)
