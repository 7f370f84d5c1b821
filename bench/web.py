"""Votes and pages over HTTP: rates, latencies and CPU per request, beside a bare view and other servers."""

import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from bench import crowd, load
from bench.house import HOST, ROOT, House
from bench.results import Row

ROUNDS = int(os.environ.get("WITHUS_BENCH_ROUNDS", "3"))
SECONDS = float(os.environ.get("WITHUS_BENCH_SECONDS", "3"))
POLIS_RATE = {1: 294, 8: 438, 16: 435, 64: 414}  # votes/s of Polis' own server on such a machine, as recorded
POLIS_CPU = {1: 4290, 8: 3650, 16: 3620, 64: 3790}  # µs per vote, Node and PostgreSQL together


def postgres_cpu() -> float:
    """CPU seconds of all processes of PostgreSQL on this machine."""
    total = 0.0
    for comm in Path("/proc").glob("[0-9]*/comm"):
        try:
            if comm.read_text().strip() == "postgres":
                total += load.cpu_seconds_of(int(comm.parent.name))
        except OSError:
            continue
    return total


def measured(
    port: int, pid: int, requests: Callable[[int], Iterator[bytes]], connections: int, *, postgres: bool = False
) -> tuple[load.Outcome, float]:
    """One run of load, and the server's CPU microseconds per answer."""
    before = load.cpu_seconds(pid) + (postgres_cpu() if postgres else 0.0)
    outcome = load.run((HOST, port), requests, connections=connections, seconds=SECONDS)
    after = load.cpu_seconds(pid) + (postgres_cpu() if postgres else 0.0)
    return outcome, 1e6 * (after - before) / max(1, len(outcome.latencies))


def forever(request: bytes) -> Callable[[int], Iterator[bytes]]:
    """The same request again and again, on every connection."""

    def requests(number: int) -> Iterator[bytes]:
        while True:
            yield request

    return requests


def voting(people: crowd.Crowd, port: int) -> Callable[[int], Iterator[bytes]]:
    """Each connection is one voter, who goes through all statements and changes her mind each time."""

    def requests(number: int) -> Iterator[bytes]:
        voter = people.voters[number % len(people.voters)]
        for turn in count():
            statement = people.statements[turn % len(people.statements)]
            value = str((turn // len(people.statements) + number) % 3 - 1)
            body = urlencode({"statement": statement, "value": value}).encode()
            cookie, site = f"withus={voter['cookie']}", "same-origin"
            path = f"/processes/{crowd.PROCESS}/vote"
            yield load.post(path, f"{HOST}:{port}", body, Cookie=cookie, Sec_Fetch_Site=site)

    return requests


def votes(database: str) -> Iterator[Row]:
    """Plain form votes at 1, 8, 16 and 64 connections, interleaved with the bare view /healthz."""
    kind, house = ("PostgreSQL" if database else "SQLite"), House(database)
    with house.served():
        pass
    people = crowd.prepared(house.python, voters=64, cards=0)
    with house.served() as (port, pid, _):
        for connections in (1, 8, 16, 64):
            rates: list[float] = []
            bares, p50s, p99s, cpus = rates.copy(), rates.copy(), rates.copy(), rates.copy()
            for _ in range(ROUNDS):
                bare, _ = measured(port, pid, forever(load.get("/healthz", f"{HOST}:{port}")), connections)
                run, cpu = measured(port, pid, voting(people, port), connections, postgres=bool(database))
                assert set(run.statuses) == {303}, run.statuses
                rates, bares, cpus = [*rates, run.rate], [*bares, bare.rate], [*cpus, cpu]
                p50s, p99s = [*p50s, run.median], [*p99s, run.percentile(0.99)]
            name = f"form votes, {kind}, c={connections}"
            yield Row.of(f"{name}: rate", rates, "votes/s", "/healthz in the same run", statistics.median(bares))
            recorded = "Polis' server, recorded on such a machine"
            yield Row.of(f"{name}: rate", rates, "votes/s", recorded, POLIS_RATE[connections])
            yield Row.of(f"{name}: CPU", cpus, "µs/vote", recorded, POLIS_CPU[connections])
            yield Row.of(f"{name}: p50", p50s, "ms")
            yield Row.of(f"{name}: p99", p99s, "ms")


def pages() -> Iterator[Row]:
    """G4, G5, G9: pages on Withus' own server, gunicorn and waitress in turn; idle and with slow phones."""
    house = House()
    with house.served():
        pass
    people = crowd.prepared(house.python, voters=1, cards=0)
    cookie = f"withus={people.voters[0]['cookie']}"
    places = {
        "bare view /healthz": ("/healthz", {}),
        "results, visitor": (f"/processes/{crowd.PROCESS}/results", {}),
        "vote page, signed in": (f"/processes/{crowd.PROCESS}/vote", {"Cookie": cookie}),
    }
    seen: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    for _ in range(ROUNDS):
        for server in ("withus", "gunicorn", "waitress"):
            with house.served(server) as (port, pid, _):
                for name, (path, headers) in places.items():
                    request = load.get(path, f"{HOST}:{port}", **headers)
                    run, cpu = measured(port, pid, forever(request), 8)
                    seen.setdefault((server, name), []).append((run.rate, cpu, run.percentile(0.99)))
                with slow_phones(port, 200):
                    run, cpu = measured(port, pid, forever(load.get("/healthz", f"{HOST}:{port}")), 8)
                seen.setdefault((server, "bare view, 200 slow phones"), []).append(
                    (run.rate, cpu, run.percentile(0.99))
                )
    for (server, name), runs in seen.items():
        if server != "withus":
            continue
        for peer in ("gunicorn", "waitress"):
            theirs = statistics.median(rate for rate, _, _ in seen[peer, name])
            yield Row.of(f"G5/G9 {name}: rate", [rate for rate, _, _ in runs], "pages/s", peer, theirs)
        bare = statistics.median(cpu for _, cpu, _ in seen["withus", "bare view /healthz"])
        yield Row.of(f"G4 {name}: CPU", [cpu for _, cpu, _ in runs], "µs/page", "bare view", bare)
        yield Row.of(f"G5 {name}: p99", [p99 for _, _, p99 in runs], "ms")


class slow_phones:
    """Connections that send a byte of their header every fifth of a second, a third of them of a form's body."""

    def __init__(self, port: int, how_many: int) -> None:
        self.sockets = [socket.create_connection((HOST, port)) for _ in range(how_many)]
        self.ended = threading.Event()

    def __enter__(self) -> None:
        head = f"POST /sign-in HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 500\r\n\r\n".encode()
        for number, one in enumerate(self.sockets):
            one.sendall(head if number % 3 == 0 else b"GET / HTTP/1.1\r\nX-Slow: ")
        threading.Thread(target=self._drip, daemon=True).start()

    def _drip(self) -> None:
        while not self.ended.wait(0.2):
            for one in self.sockets:
                try:
                    one.sendall(b"a")
                except OSError:
                    continue

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        for one in self.sockets:
            one.close()


def house_figures() -> Iterator[Row]:
    """G7, G10, G11, G12: bytes of a first visit, wrong sign-ins, memory, start."""
    house = House()
    with house.served() as (_, _, first):
        yield Row.of("G12 first start with demo, environment ready", [first], "s")
    starts, memories, idle, flooded, true_ones, knocks = [], [], [], [], [], []
    account = json.loads(house.command("demo", "--json"))[0]
    account = {name: account[name] for name in ("pseudonym", "passphrase")}
    for _ in range(ROUNDS):
        with house.served(work=True) as (port, pid, seconds):
            starts.append(seconds)
            request = forever(load.get(f"/processes/{crowd.PROCESS}/", f"{HOST}:{port}"))
            idle.append(measured(port, pid, request, 8)[0].rate)
            flood = time.perf_counter()
            with wrong_sign_ins(port, 100) as wrong:
                flooded.append(measured(port, pid, request, 8)[0].rate)
                began = time.perf_counter()
                assert crowd.Browser(port).post("/sign-in", **account)[0] == 303
                true_ones.append(time.perf_counter() - began)
            knocks.append(wrong.sent / (time.perf_counter() - flood))
            memories.append(load.memory_mb(pid))
    yield Row.of("G12 restart until the first page", starts, "s")
    yield Row.of("G11 memory of web and work after load", memories, "MB PSS")
    yield Row.of(
        "G10 pages while 100 wrong sign-ins a second come", flooded, "pages/s", "idle", statistics.median(idle)
    )
    yield Row.of("G10 wrong sign-ins that came (100 were wanted)", knocks, "per second")
    yield Row.of("G10 one true sign-in meanwhile", true_ones, "s")


class wrong_sign_ins:
    """A hundred wrong sign-ins a second, each with another pseudonym, from a process of their own."""

    SEND = """
import sys, threading, time
from bench.crowd import Browser
port, rate, hands = int(sys.argv[1]), float(sys.argv[2]), 10
sent = [0] * hands
def knock(hand):
    browser, due = Browser(port), time.monotonic() + hand / rate
    while True:
        time.sleep(max(0.0, due - time.monotonic()))
        due += hands / rate
        browser.post("/sign-in", pseudonym=f"calm-otter-{hand}{sent[hand]}", passphrase=" ".join(["abandon"] * 7))
        sent[hand] += 1
for hand in range(hands):
    threading.Thread(target=knock, args=(hand,), daemon=True).start()
sys.stdin.read()
print(sum(sent))
"""

    def __init__(self, port: int, rate: int) -> None:
        self.words, self.sent = [sys.executable, "-c", self.SEND, str(port), str(rate)], 0

    def __enter__(self) -> "wrong_sign_ins":
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(self.words, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
        return self

    def __exit__(self, *_: object) -> None:
        self.sent = int(self.process.communicate()[0] or 0)
