"""The opinion map: red-dwarf where WITHUS_BENCH_RED_DWARF names a Python that has it, and the goals of the issue.

A seeded synthetic conversation (four known groups, 30 votes each) is made in the run. WITHUS_BENCH_OPINION=full adds a
million people, all shuffles and draws, descent as Community Notes does it on three million votes, and red-dwarf there;
without it, the parts that take under three minutes on two shared cores. The growth is drawn into
docs/pictures/opinion-growth.svg when it was measured in full.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench import notes
from bench.growth import drawn
from bench.results import Row
from withus.compute.opinion_map import Votes, axes, factors, groups, opinion_map, polis_map, read_comments, read_votes
from withus.compute.opinion_map.agreement import agreement, counted, listed, of_everybody, ranked
from withus.compute.opinion_map.bridging import bridging
from withus.compute.opinion_map.co_moments import CoMoments
from withus.compute.opinion_map.manipulation import cohorts
from withus.compute.opinion_map.representative import representative
from withus.compute.opinion_map.withus import bridges
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
votes, hidden, rounds = json.load(sys.stdin)
took = []
for _ in range(rounds):
    began = time.process_time()
    run_pipeline(votes=votes, mod_out_statement_ids=hidden, random_state=0)
    took.append(time.process_time() - began)
print(json.dumps(took[1:] or took))
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
    yield from _bridging()
    grown: dict[str, list[tuple[float, float]]] = {"compatible map": [], "default map without resampling": []}
    for people, statements in ((333, 100), (3_333, 300), (33_333, 500), (100_000, 1_000), (1_000_000, 2_000)):
        if people < 1_000_000 or IS_FULL:
            yield from _grown(rounds if people < 1_000_000 else 1, people, statements, grown)
    if IS_FULL:
        (HERE / "docs/pictures/opinion-growth.svg").write_text(drawn(grown))


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


def _red_dwarf(votes: Votes, hidden: frozenset[int], rounds: int = 4) -> float:
    rows = zip(
        votes.participant_ids[votes.rows].tolist(), votes.statement_ids[votes.columns].tolist(), votes.values.tolist(),
        strict=True,
    )  # fmt: skip
    listed = [{"participant_id": i, "statement_id": j, "vote": v} for i, j, v in rows]
    sent = json.dumps([listed, sorted(hidden), rounds])
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
    everybody = of_everybody(votes)
    refresh = processor_seconds(lambda: ranked(counts, sizes, votes.statement_ids, everything), 99)
    yield Row.of("opinion: agreement list from counts, CPU", [1000 * one for one in refresh], "ms", "goal", 1.0)
    refresh = processor_seconds(lambda: listed(counts, everybody, sizes, votes.statement_ids, everything), 99)
    took = [1000 * one for one in refresh]
    yield Row.of("opinion: agreement list with all figures from counts, CPU", took, "ms", "goal", 1.0)
    took = [1000 * one for one in processor_seconds(lambda: agreement(votes, labels, 4, everything), rounds)]
    yield Row.of("opinion: agreement list with all figures from 600,000 votes, CPU", took, "ms")


def _command(rounds: int) -> Iterator[Row]:
    """The whole command on a file of 3 million votes, beside reading and parsing that file alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "votes.csv"
        rows = np.column_stack(synthetic(100_000, 1_000))
        lines = (",".join(map(str, row)) for row in rows.tolist())
        path.write_text("participant_id,statement_id,vote\n" + "\n".join(lines) + "\n")
        options = argparse.Namespace(
            files=[path], comments=None, out=Path(folder), method="polis", seed=None, check=None, scheduler=None
        )
        whole_words = ("-m", "withus", "opinion", str(path), "--method", "polis", "--out", folder)
        loads = f"import numpy; numpy.loadtxt({str(path)!r}, numpy.int64, delimiter=',', skiprows=1)"
        reads = f"from withus.compute.opinion_map import read_votes; read_votes({str(path)!r})"
        ordinary, own, whole, started, loaded, alone, read = [], [], [], [], [], [], []
        _process(*whole_words)  # what it compiles, and writes as bytecode, is there afterwards
        for _ in range(max(rounds, 5)):  # in turns, so that a slow minute is a slow minute for all
            ordinary += processor_seconds(lambda: np.loadtxt(path, np.int64, delimiter=",", skiprows=1), 1)
            own += processor_seconds(lambda: read_votes(path), 1)
            whole += processor_seconds(lambda: opinion.make(options), 1)
            started.append(_process(*whole_words))
            loaded.append(_process("-c", loads))
            alone.append(_process("-c", loads, OPENBLAS_NUM_THREADS="1"))
            read.append(_process("-c", reads))
    what = "opinion: command, 3 million votes, compatible"
    yield Row.of(f"{what}, CPU", whole, "s", "numpy.loadtxt of the file", float(np.median(ordinary)))
    yield Row.of(f"{what}, CPU", whole, "s", "our own reading of the file", float(np.median(own)))
    for name, theirs in (
        ("the same with numpy.loadtxt", loaded),
        ("the same with numpy.loadtxt, one BLAS thread", alone),
        ("the same with our own reading", read),
    ):
        yield Row.of(f"{what}, from the start of Python, CPU", started, "s", name, float(np.median(theirs)))


def _process(*words: str, **more: str) -> float:
    """Processor seconds of a Python of its own."""
    surroundings = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | more
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], check=True, capture_output=True, cwd=HERE, env=surroundings)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _bridging() -> Iterator[Row]:
    """What our sweeps and descent reach of Community Notes' objective: on real votes, in full on 3 million too."""
    everybody = [("biodiversity", read_votes(GOLDEN / "scoop-hivemind.biodiversity.votes.csv.gz"))]
    if IS_FULL:
        everybody.append(("100,000 × 1,000 × 30", Votes.of(*synthetic(100_000, 1_000))))
    for name, votes in everybody:
        stands = axes.leading(votes).directions[0]
        began = time.process_time()
        reached, epochs = notes.descended(votes)
        theirs = time.process_time() - began
        took = processor_seconds(lambda votes=votes, stands=stands: bridging(votes, stands), 3)  # type: ignore[misc]
        print(f"opinion: descent on {name} took {epochs} epochs", file=sys.stderr)
        yield Row.of(f"opinion: bridging score of {name}, CPU", took, "s", "the same by descent", theirs)
        own = 1000 * bridging(votes, stands).objective
        what = f"opinion: objective of the bridging score of {name}, thousandths"
        yield Row.of(what, [own], "", "the same by descent", 1000 * reached)


def _grown(rounds: int, people: int, statements: int, grown: dict[str, list[tuple[float, float]]]) -> Iterator[Row]:
    """Both maps without resampling, by the number of votes; of many votes the rest too."""
    votes = Votes.of(*synthetic(people, statements))
    size = f"{people:,} × {statements:,} × 30"
    peers: dict[str, tuple[str, float | None]] = {
        "compatible map": ("", None),
        "default map without resampling": ("", None),
    }
    if people == 100_000:
        is_run = bool(RED_DWARF) and IS_FULL
        theirs = _red_dwarf(votes, frozenset(), 1) / 1000 if is_run else RECORDED_RED_DWARF
        peers["compatible map"] = ("red-dwarf 0.4.0" if is_run else "red-dwarf 0.4.0, recorded", theirs)
    if people == 1_000_000:
        peers = {"compatible map": ("goal", 3), "default map without resampling": ("goal", 20)}
    makes = lambda: polis_map(votes), lambda: opinion_map(votes, shuffles=0, bootstraps=0)
    for (name, peer), make in zip(peers.items(), makes, strict=True):
        took = processor_seconds(make, rounds)
        grown[name].append((people * 30, float(np.median(took))))
        yield Row.of(f"opinion: {name}, {size}, CPU", took, "s", *peer)
    if people >= 100_000:
        yield from _scored(rounds, votes, size)
    if people == 100_000:
        yield _resampled(rounds, votes, size)
    print(f"opinion: peak memory after {size}: {_peak()} MB", file=sys.stderr)


def _scored(rounds: int, votes: Votes, size: str) -> Iterator[Row]:
    """The bridging score alone, and all lists of four groups."""
    stands = axes.leading(votes).directions[0]
    took = processor_seconds(lambda: bridging(votes, stands), rounds)
    peer, goal = ("Community Notes, recorded", RECORDED_NOTES) if votes.people == 100_000 else ("", None)
    yield Row.of(f"opinion: bridging score, {size}, CPU", took, "s", peer, goal)
    labels, everything = (np.arange(votes.people) % 4).astype(np.int32), np.ones(votes.statements, bool)

    def listed() -> None:
        representative(votes, labels, 4, 0)
        agreement(votes, labels, 4, everything)
        bridges(votes, stands, labels, 4)
        cohorts(votes, labels, 4, everything)

    yield Row.of(f"opinion: all lists of four groups, {size}, CPU", processor_seconds(listed, rounds), "s")


def _resampled(rounds: int, votes: Votes, size: str) -> Row:
    """200 shuffles, 100 bootstraps and 100 clouds; a tenth of them where it is not in full."""
    part = 1 if IS_FULL else 10
    model = factors.fit(votes)
    places = factors.place(votes, model)
    quiet: groups.Tell = lambda part, done, of: None  # noqa: E731

    def all_three() -> None:
        groups.reality(votes, 0, 200 // part, quiet)
        groups.splits(votes, model, places, 0, 100 // part, quiet)
        groups.cloud(votes, model, [2, 3, 4, 5], 0, 100 // part, quiet)

    took = [part * one for one in processor_seconds(all_three, rounds)]
    what = "in full" if part == 1 else "from a tenth"
    return Row.of(f"opinion: 200 shuffles, 100 bootstraps, 100 clouds, {size}, CPU ({what})", took, "s", "goal", 60)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
