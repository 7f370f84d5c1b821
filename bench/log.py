"""G15 and the log's own figures, and the import of 30,000 votes; each runs inside a house, beside its ceiling."""

import json
from collections.abc import Iterator

from bench.house import House
from bench.results import Row

APPEND = """
import datetime, hashlib, json, time
from django.db import transaction
from withus.policy.facts import ActorKind
from withus.public_log import publish, queries
from withus.public_log.append import NewRecord, append, append_all
day, said = datetime.date(2026, 1, 1), {}
def some(many):
    with transaction.atomic():
        if many == 1:
            append("bench.entry", {"number": 1}, actor=ActorKind.SYSTEM, day=day)
        else:
            append_all(NewRecord("bench.entry", {"number": number}, ActorKind.SYSTEM, day) for number in range(many))
def per_second(many, times):
    began = time.perf_counter()
    for _ in range(times):
        some(many)
    return many * times / (time.perf_counter() - began)
some(1), some(100)
said["one"], said["hundred"] = per_second(1, 2000), per_second(100, 100)
publish.publish()
times = []
for _ in range(20):
    some(1)
    began = time.perf_counter()
    publish.publish()
    times.append(1000 * (time.perf_counter() - began))
said["publish"] = sorted(times)[10]
times = []
for seq in range(0, 10000, 500):
    began = time.perf_counter()
    queries.public_proof(seq)
    times.append(1000 * (time.perf_counter() - began))
said["proof"] = sorted(times)[10]
print(json.dumps(said))
"""
VERIFY = """
import hashlib, json, time
from withus.compute import verifier
from withus.public_log import identity, publish
from withus.public_log.models import LogEntry
began = time.perf_counter()
result = verifier.check_log(verifier.Folder(publish.folder()), identity.key(), verifier.Kept())
took = time.perf_counter() - began
assert result.ok, result.errors
class Hashes(verifier.Check):
    def entry(self, index, entry):
        pass
began = time.perf_counter()
result = Hashes(verifier.Folder(publish.folder()), identity.key(), verifier.Kept(), time.time()).run()
hashes = time.perf_counter() - began
assert result.ok, result.errors
bodies = [bytes(body) for body in LogEntry.objects.order_by("seq").values_list("body", flat=True)]
began = time.perf_counter()
nodes = [hashlib.sha256(b"\\0" + body).digest() for body in bodies]
while len(nodes) > 1:
    nodes = [hashlib.sha256(b"\\1" + b"".join(nodes[i:i + 2])).digest() for i in range(0, len(nodes), 2)]
print(json.dumps({"verify": took, "hashes": hashes, "bare": time.perf_counter() - began, "size": len(bodies)}))
"""
IMPORT = """
import json, time
from importlib.resources import files
from withus.deliberation import actions
from withus.people.models import Organisation
from withus.policy.facts import SYSTEM
from withus.processes.actions import open_process
data = files("withus.demo").joinpath("data/polis/scoop-hivemind.biodiversity")
given = {name: data.joinpath(f"{name}.csv").read_bytes() for name in ("comments", "votes", "summary")}
peers = Organisation.objects.get(code="LANTERN")
process = open_process(SYSTEM, peers, title="Bench", about="Bench", language="en")
began = time.perf_counter()
report = actions.import_polis(SYSTEM, process, **given)
print(json.dumps({"seconds": time.perf_counter() - began, "votes": report.votes}))
"""


def log_figures(rounds: int) -> Iterator[Row]:
    """Appending, publishing, proving and verifying, on SQLite."""
    house = House()
    with house.served():
        pass
    runs = [json.loads(house.python(APPEND).splitlines()[-1]) for _ in range(rounds)]
    yield Row.of("log: append, 1 per transaction", [run["one"] for run in runs], "entries/s", "goal", 2500)
    yield Row.of("log: append, 100 per transaction", [run["hundred"] for run in runs], "entries/s", "goal", 50000)
    yield Row.of("log: publish after one entry", [run["publish"] for run in runs], "ms", "goal", 5)
    yield Row.of("log: inclusion proof from the database", [run["proof"] for run in runs], "ms", "goal", 1)
    checks = [json.loads(house.python(VERIFY).splitlines()[-1]) for _ in range(rounds)]
    whole = [1e6 * run["verify"] / run["size"] for run in checks]
    bare = sorted(1e6 * run["bare"] / run["size"] for run in checks)[len(checks) // 2]
    hashes = [1e6 * run["hashes"] / run["size"] for run in checks]
    yield Row.of("G15 verify a copy, strict leaves", whole, "µs/entry", "bare hashlib loop", bare)
    yield Row.of("verify a copy, hashes alone", hashes, "µs/entry", "bare hashlib loop", bare)


def import_figures(rounds: int, database: str) -> Iterator[Row]:
    """A conversation of 29,719 votes, from its files to the last row."""
    house, kind = House(database), ("PostgreSQL" if database else "SQLite")
    with house.served():
        pass
    runs = [json.loads(house.python(IMPORT).splitlines()[-1])["seconds"] for _ in range(rounds)]
    yield Row.of(f"import of 29,719 votes, {kind}", runs, "s")
