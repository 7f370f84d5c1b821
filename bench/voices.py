"""Voices: receipts checked and voices sealed in a second, beside the derivation that each of them costs; page bytes."""

import json
import re
import statistics
import threading
from collections.abc import Iterator
from itertools import count
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from bench import load
from bench.house import HOST, House
from bench.results import Row
from bench.web import ROUNDS, SECONDS

CAP = 250  # receipts at once: as many as may wait for a derivation, but a few
MEASURE = """
import json, re, sys, time
from datetime import timedelta
from django.test import Client
from withus.core import receipts
from withus.voices import forms, limits
from withus.voices.inboxes.queries import public_open_inboxes
limits.AN_HOUR_EACH = limits.AN_HOUR_IN_ALL = 10**9
forms.YOUNGEST = timedelta(0)
client, code = Client(headers={"host": "localhost"}), public_open_inboxes()[0].organisation.code
def slips(number):
    pages = (client.get("/voices/new").content.decode() for _ in range(number))
    return [re.search('name="slip" value="([^"]+)"', page)[1] for page in pages]
def send(slip):
    said = {"text": "The needles are too short. " * 20, "kind": "problem", "audience": [code], "slip": slip}
    assert client.post("/voices/new", said).status_code == 303
taken = {"sealed": [], "bare": []}
for _ in range(int(sys.argv[1])):
    for name, do, given in (("sealed", send, slips(40)), ("bare", receipts.open_with, ["0" * 16] * 40)):
        begun = time.perf_counter()
        for one in given:
            do(one)
        taken[name].append(40 / (time.perf_counter() - begun))
print(json.dumps(taken))
"""


def _typed() -> Iterator[bytes]:
    """Somebody types a receipt, and another one."""
    for number in count():
        yield load.post("/voices/return", HOST, urlencode({"receipt": f"{number:016d}"}).encode())


def _most_memory(pid: int, done: threading.Event, found: list[float]) -> None:
    while not done.wait(0.2):
        found.append(load.memory_mb(pid))


def _page_bytes(port: int) -> int:
    """The page where people speak on a first visit, with all that it loads, as it comes over the wire."""

    def wire(path: str) -> int:
        with urlopen(Request(f"http://{HOST}:{port}{path}", headers={"Accept-Encoding": "br"})) as answer:
            return len(answer.read())

    with urlopen(f"http://{HOST}:{port}/voices/new") as answer:
        loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.read().decode())
    return wire("/voices/new") + sum(map(wire, loaded))


def voice_figures() -> Iterator[Row]:
    """Rates of one house with its usual settings, and the sizes of its page."""
    house, rates, memory = House(), [], []
    with house.served() as (port, pid, _):
        yield Row.of("page where people speak, first visit with all it loads", [float(_page_bytes(port))], "bytes")
        idle = load.memory_mb(pid)
        for _ in range(ROUNDS):
            done, found = threading.Event(), []
            meter = threading.Thread(target=_most_memory, args=(pid, done, found))
            meter.start()
            outcome = load.run((HOST, port), lambda _: _typed(), connections=CAP, seconds=SECONDS)
            done.set()
            meter.join()
            rates.append(outcome.statuses.get(303, 0) / outcome.seconds)
            memory.append(max(found, default=idle))
    told = json.loads(house.python(MEASURE, str(ROUNDS)))
    bare = statistics.median(told["bare"])
    beside = "Argon2id alone, one process"
    yield Row.of(f"receipts checked, {CAP} at once", rates, "/s", beside, bare)
    yield Row.of(f"receipts checked, {CAP} at once: memory of the server", memory, "MB", "idle", idle)
    yield Row.of("voices sent and sealed, one after the other in one process", told["sealed"], "/s", beside, bare)
