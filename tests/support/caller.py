"""One who asks for a small object of the other country."""
import json
import pathlib
import sys
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "demo"))
import ecosystem  # noqa: E402


class Caller:
    def __init__(self, description):
        self.url, self.headers, _ = ecosystem.object_across_the_border(description, "1024")

    def call(self):
        """HTTP status and the fault's type, if it is one; no status when nobody answered."""
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url, headers=self.headers), timeout=60) as answer:
                answer.read()
                return answer.status, None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())["type"]
        except OSError as error:
            return None, str(error)
