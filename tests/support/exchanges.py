"""Messages that are exchanged all the time, while something happens to a country."""
import contextlib
import dataclasses
import json
import threading
import time
import urllib.error
import urllib.request

from checks import check, wait_until


@dataclasses.dataclass
class Exchange:
    begin: float
    end: float
    fault: str | None  # its type, or what went wrong with HTTP; None when it was answered
    text: str


class Exchanges:
    """`askers` that ask at `url`, as `client`, each for something of its own after the other, within the block."""

    def __init__(self, url, client, askers=4, pause=0.1):
        self.url, self.client, self.pause = url, client, pause
        self.made, self.numbers, self.lock = [], 0, threading.Lock()
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.go_on, daemon=True) for _ in range(askers)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join()

    def go_on(self):
        while not self.ending.wait(self.pause):
            self.ask()

    def ask(self):
        with self.lock:
            self.numbers += 1
            path = f"/{self.numbers}"
        begin = time.time()
        fault, text = self.answer(path)
        exchange = Exchange(begin, time.time(), fault, text)
        with self.lock:
            self.made.append(exchange)
        return exchange

    def answer(self, path):
        request = urllib.request.Request(self.url + path, headers={"X-Road-Client": self.client})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                body = answer.read().decode()
            return (None, "") if json.loads(body)["path"] == path else ("another answer", body)
        except urllib.error.HTTPError as error:
            fault = json.loads(error.read())
            return fault["type"], fault["message"]
        except OSError as error:
            return type(error).__name__, str(error)

    def since(self, begin, until=None):
        """That ended after `begin`, and began before `until`."""
        with self.lock:
            return [each for each in self.made if each.end >= begin and (until is None or each.begin <= until)]

    def failed(self, begin=0.0):
        return [each for each in self.since(begin) if each.fault]

    @contextlib.contextmanager
    def not_one_lost(self, what):
        """In the block; it says how many there were."""
        begin = time.time()
        yield
        seen = len(self.since(begin))
        wait_until(lambda: len(self.since(begin)) > seen + len(self.threads), f"{what}: messages are exchanged")
        self.check_not_one_lost(begin, what)

    def check_not_one_lost(self, begin, what):
        failed = self.failed(begin)
        check(not failed, f"{what}: {len(self.since(begin))} exchanges, {len(failed)} lost {failed[:3]}")

    def wait_for(self, condition, what):
        """Until an exchange that begins from now on is like this."""
        begin = time.time()
        wait_until(lambda: any(each.begin >= begin and condition(each) for each in self.since(begin)), what,
                   instead=lambda: self.since(begin)[-3:])
