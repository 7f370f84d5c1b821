"""The opinion map: red-dwarf where WITHUS_BENCH_RED_DWARF names a Python that has it, and the goals of the issue.

A seeded synthetic conversation (four known groups, 30 votes each) is made in the run. WITHUS_BENCH_OPINION=full adds a
million people; without it, the parts that take under three minutes on two shared cores.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.results import Row
from withus.compute.opinion_map import Votes, axes, factors, groups, opinion_map, polis_map, read_comments, read_votes
from withus.compute.opinion_map.agreement import agreement, counted, ranked
from withus.compute.opinion_map.bridging import bridging
from withus.compute.opinion_map.co_moments import CoMoments
from withus.running import opinion

HERE = Path(__file__).parents[1]
DEMO, GOLDEN = HERE / "src/withus/demo/data/polis", HERE / "tests/golden/opinion"
RED_DWARF = os.environ.get("WITHUS_BENCH_RED_DWARF", "")
IS_FULL = os.environ.get("WITHUS_BENCH_OPINION") == "full"
RECORDED_RED_DWARF, RECORDED_NOTES = 360.0, 88.0  # seconds at 3 million votes, on a quiet machine of this kind
_THEIRS = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
from reddwarf.implementations.polis import run_pipeline
votes, hidden = json.load(sys.stdin)
took = []
for _ in range(4):
    began = time.process_time()
    run_pipeline(votes=votes, mod_out_statement_ids=hidden, random_state=0)
    took.append(time.process_time() - began)
print(json.dumps(took[1:]))
"""


def synthetic(people: int, statements: int, each: int = 30, seed: int = 1) -> tuple[Any, Any, Any]:
    """Rows of votes: four groups at the corners of a square, each person on a random few of the statements."""
    dice = np.random.default_rng(seed)
    corner = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], np.float32)[dice.integers(0, 4, people)]
    loadings = dice.normal(0, 0.55, (statements, 2)).astype(np.float32)
    leaning = dice.normal(0.3, 0.8, statements).astype(np.float32)
    columns, values = np.empty((people, each), np.int32), np.empty((people, each), np.int8)
    for start in range(0, people, 10_000):
        part = slice(start, min(start + 10_000, people))
        size = part.stop - start
        seen = dice.random((size, statements), dtype=np.float32).argpartition(each, axis=1)[:, :each]
        score = leaning[seen] + (loadings[seen] * corner[part][:, None, :]).sum(axis=2)
        score += dice.normal(0, 1.2, (size, each)).astype(np.float32)
        columns[part], values[part] = seen, np.where(abs(score) < 0.25, 0, np.sign(score))
    return np.repeat(np.arange(people, dtype=np.int32), each), columns.ravel(), values.ravel()


def processor_seconds(work: Callable[[], object], rounds: int) -> list[float]:
    """Processor seconds of each round: on shared cores they move less than those of the clock."""
    took = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return took


def opinion_figures(rounds: int) -> Iterator[Row]:
    """All rows, small things first."""
    warm = Votes.of(*synthetic(3_000, 60))
    polis_map(warm)
    opinion_map(warm, shuffles=2, bootstraps=2)
    yield from _real(rounds)
    yield from _live(rounds)
    yield from _command(rounds)
    yield from _growth(rounds)
    yield from _large(rounds, 100_000, 1_000)
    if IS_FULL:
        yield from _large(rounds, 1_000_000, 2_000)


def _real(rounds: int) -> Iterator[Row]:
    """The compatible map of each conversation at hand, beside red-dwarf's pipeline, votes in memory."""
    for path in [*sorted(DEMO.glob("*/votes.csv")), *sorted(GOLDEN.glob("*.votes.csv.gz"))]:
        name = path.parent.name if path.suffix == ".csv" else path.name.removesuffix(".votes.csv.gz")
        comments = DEMO / name / "comments.csv" if path.suffix == ".csv" else GOLDEN / f"{name}.comments.csv"
        if not comments.exists():
            continue
        votes, hidden = read_votes(path), read_comments(comments).moderated
        ours = processor_seconds(lambda votes=votes, hidden=hidden: polis_map(votes, hidden), max(rounds, 5))  # type: ignore[misc]
        theirs = _red_dwarf(votes, hidden) if RED_DWARF else None
        peer = "red-dwarf 0.4.0" if theirs else ""
        yield Row.of(f"opinion: compatible map of {name}, CPU", [1000 * one for one in ours], "ms", peer, theirs)


def _red_dwarf(votes: Votes, hidden: frozenset[int]) -> float:
    rows = zip(
        votes.participant_ids[votes.rows].tolist(), votes.statement_ids[votes.columns].tolist(), votes.values.tolist(),
        strict=True,
    )  # fmt: skip
    listed = [{"participant_id": i, "statement_id": j, "vote": v} for i, j, v in rows]
    sent = json.dumps([listed, sorted(hidden)])
    said = subprocess.run([RED_DWARF, "-c", _THEIRS], input=sent, capture_output=True, text=True, check=True).stdout
    return 1000 * float(np.median(json.loads(said.splitlines()[-1])))


def _live(rounds: int) -> Iterator[Row]:
    """One vote folded into the exact core, and the list made anew, at 1,000 statements."""
    votes = Votes.of(*synthetic(20_000, 1_000))
    core = CoMoments.of(votes)
    took = []
    for person in range(2_000):
        mine = slice(votes.starts[person], votes.starts[person + 1])
        columns, values = votes.columns[mine], votes.values[mine]
        args = (columns[1:], values[1:], int(columns[0]), int(values[0]))
        core.take_back(*args)
        began = time.perf_counter()
        core.cast(*args)
        took.append(1e6 * (time.perf_counter() - began))
    yield Row.of("opinion: one vote folded in, 30 votes before it", [float(np.median(took))], "µs", "goal", 2)
    took = [1000 * one for one in processor_seconds(core.axes, rounds)]
    yield Row.of("opinion: axes from the core, 1,000 statements, CPU", took, "ms")
    labels, everything = (np.arange(votes.people) % 4).astype(np.int32), np.ones(1_000, bool)
    counts, sizes = counted(votes, labels, 4), np.bincount(labels)
    refresh = processor_seconds(lambda: ranked(counts, sizes, votes.statement_ids, everything), 99)
    yield Row.of("opinion: agreement list from counts, CPU", [1000 * one for one in refresh], "ms", "goal", 1.0)
    took = [1000 * one for one in processor_seconds(lambda: agreement(votes, labels, 4, everything), rounds)]
    yield Row.of("opinion: agreement list with all figures from 600,000 votes, CPU", took, "ms")


def _command(rounds: int) -> Iterator[Row]:
    """The whole command on a file of 3 million votes, beside reading that file alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "votes.csv"
        rows = np.column_stack(synthetic(100_000, 1_000))
        lines = (",".join(map(str, row)) for row in rows.tolist())
        path.write_text("participant_id,statement_id,vote\n" + "\n".join(lines) + "\n")
        options = argparse.Namespace(
            files=[path], comments=None, out=Path(folder), method="polis", seed=None, check=None
        )
        reading = processor_seconds(lambda: read_votes(path), rounds)
        whole = processor_seconds(lambda: opinion.make(options), rounds)
    yield Row.of("opinion: command, 3 million votes, compatible, CPU", whole, "s", "reading", float(np.median(reading)))


def _growth(rounds: int) -> Iterator[Row]:
    """Both maps without resampling, by the number of votes."""
    for people, statements in ((333, 100), (3_333, 300), (33_333, 500)):
        votes = Votes.of(*synthetic(people, statements))
        for name, make in (
            ("compatible", lambda votes=votes: polis_map(votes)),
            ("default", lambda votes=votes: opinion_map(votes, shuffles=0, bootstraps=0)),
        ):
            took = processor_seconds(make, rounds)
            yield Row.of(f"opinion: {name} map of {30 * people:,} votes, no resampling, CPU", took, "s")


def _large(rounds: int, people: int, statements: int) -> Iterator[Row]:
    rows = synthetic(people, statements)
    size = f"{people:,} × {statements:,} × 30"
    votes = Votes.of(*rows)
    is_known = people == 100_000
    took = processor_seconds(lambda: polis_map(votes), rounds)
    peer: tuple[str, float | None] = ("red-dwarf 0.4.0, recorded", RECORDED_RED_DWARF) if is_known else ("goal", 3.0)
    yield Row.of(f"opinion: compatible map, {size}, CPU", took, "s", *peer)
    took = processor_seconds(lambda: opinion_map(votes, shuffles=0, bootstraps=0), rounds if is_known else 1)
    yield Row.of(
        f"opinion: default map, no resampling, {size}, CPU", took, "s", *("", None) if is_known else ("goal", 20)
    )
    stands = axes.leading(votes).directions[0]
    took = processor_seconds(lambda: bridging(votes, stands), rounds)
    notes = ("Community Notes, recorded", RECORDED_NOTES) if is_known else ("", None)
    yield Row.of(f"opinion: bridging score, {size}, CPU", took, "s", *notes)
    if is_known:
        model = factors.fit(votes)
        places = factors.place(votes, model)
        quiet: groups.Tell = lambda part, done, of: None  # noqa: E731
        shuffles = processor_seconds(lambda: groups.reality(votes, 0, 20, quiet), 1)[0] * 10
        again = processor_seconds(lambda: groups.splits(votes, model, places, 0, 10, quiet), 1)[0] * 10
        goal = f"opinion: 200 shuffles and 100 bootstraps, {size}, CPU (from a tenth)"
        yield Row.of(goal, [shuffles + again], "s", "goal", 60)
    print(f"opinion: {size}: peak memory {_peak()} MB", file=sys.stderr)


def _peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
