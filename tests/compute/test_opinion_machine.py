"""Bare loops: machine code that stands alone, gives the same bits as numba's, and starts a map without numba."""

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from withus.compute.opinion_map import Votes, machine, opinion_map, polis_map, read_votes
from withus.compute.opinion_map.machine import Bare, bare
from withus.compute.opinion_map.tables import tables

HERE = Path(__file__).parents[2]
BREXIT = HERE / "tests/golden/opinion/brexit-consensus.votes.csv.gz"


def copied(given: tuple[Any, ...]) -> list[Any]:
    return [one.copy() if isinstance(one, np.ndarray) else one for one in given]


def test_every_bare_loop_gives_the_bits_of_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: dict[str, tuple[Bare, list[Any]]] = {}
    called = Bare.__call__

    def noted(loop: Bare, *given: Any) -> Any:
        calls[f"{loop.__module__}.{loop.__name__}"] = loop, copied(given)  # type: ignore[attr-defined]
        return called(loop, *given)

    monkeypatch.setattr(Bare, "__call__", noted)
    for votes in (read_votes(BREXIT), Votes.of(np.arange(6_000) // 2, np.arange(6_000) % 70, np.arange(6_000) % 3 - 1)):
        tables(polis_map(votes), {})
    opinion_map(read_votes(BREXIT), shuffles=2, bootstraps=2, clouds=2)
    monkeypatch.undo()
    assert len(calls) > 12
    for name, (loop, given) in calls.items():
        one, other = copied(given), copied(given)
        results = loop(*one), loop.compiled(*other)
        assert np.array(results[0], float).tobytes() == np.array(results[1], float).tobytes(), name
        for left, right in zip(one, other, strict=True):
            assert np.asarray(left).tobytes() == np.asarray(right).tobytes(), name


def test_a_map_by_polis_formulas_starts_without_numba(tmp_path: Path) -> None:
    words = ["opinion", str(BREXIT), "--method", "polis", "--out", str(tmp_path)]
    asks = f"""
import atexit, sys
atexit.register(lambda: print([one for one in ("numba", "scipy", "django", "distributed") if one in sys.modules]))
from withus.cli import main
main({words!r})
"""
    subprocess.run([sys.executable, "-c", asks], check=True, capture_output=True, cwd=HERE)  # what is new is compiled
    said = subprocess.run([sys.executable, "-c", asks], check=True, capture_output=True, text=True, cwd=HERE).stdout
    assert said.splitlines()[-1] == "[]"


@bare
def _doubled(numbers: Any, made: Any) -> None:
    for place in range(len(numbers)):
        made[place] = 2 * numbers[place]


@bare
def _laying_out(numbers: Any) -> int:
    return len(np.zeros(len(numbers)))


def test_a_loop_that_lays_out_tables_is_not_bare() -> None:
    with pytest.raises(TypeError, match="is no bare loop: it needs"):
        _laying_out(np.arange(3))


def test_a_bare_loop_takes_whole_tables_alone() -> None:
    made = np.zeros(3)
    with pytest.raises(ValueError, match="in one piece"):
        _doubled(np.arange(6.0)[::2], made)
    assert made.tolist() == [0, 0, 0]


def test_machine_code_that_was_damaged_or_cannot_be_kept_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def doubled() -> list[float]:
        made = np.zeros(3)
        Bare(_doubled.function)(np.arange(3.0), made)  # type: ignore[attr-defined]
        return made.tolist()

    monkeypatch.setattr(machine, "FOLDER", tmp_path)
    assert doubled() == [0, 2, 4]
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for damaged in (whole[:-1], b"", whole[:40] + bytes([whole[40] ^ 1]) + whole[41:], b"\0" * len(whole)):
        file.write_bytes(damaged)
        assert doubled() == [0, 2, 4]
        assert file.read_bytes() != damaged
    monkeypatch.setattr(machine, "FOLDER", None)
    assert doubled() == [0, 2, 4]


def test_votes_and_maps_are_frozen_also_after_they_were_sent() -> None:
    votes = read_votes(BREXIT)
    made = polis_map(votes)
    votes.rows, votes.lengths, votes.tallies, made.groups  # noqa: B018
    for held in (votes, made, pickle.loads(pickle.dumps(votes)), pickle.loads(pickle.dumps(made))):
        frozen = {name: value for name, value in vars(held).items() if isinstance(value, np.ndarray)}
        assert len(frozen) > 4
        assert not [name for name, value in frozen.items() if value.flags.writeable]
    with pytest.raises(TypeError):
        made.checks["reality"] = "another"  # type: ignore[index]
    with pytest.raises(TypeError):
        made.groups[1] = 1  # type: ignore[index]


@pytest.mark.parametrize("seed", range(12))
def test_the_vote_that_counts_is_the_one_that_a_plain_reader_would_take(seed: int) -> None:
    dice = np.random.default_rng(seed)
    number, statements = int(dice.integers(1, 600)), int(dice.choice([1, 3, 64, 65, 9_000]))
    people, columns, values = (
        dice.integers(0, 9, number),
        dice.integers(0, statements, number),
        dice.integers(-1, 2, number),
    )
    times = None if seed % 3 == 0 else dice.integers(-1, 5, number)
    counts: dict[tuple[int, int], int] = {}
    for row, pair in enumerate(zip(people.tolist(), columns.tolist(), strict=True)):
        before = counts.setdefault(pair, row)
        if times is None or times[row] > times[before] or (
            times[row] == times[before] and (times[row] < 0 or values[row] < values[before])
        ):  # fmt: skip
            counts[pair] = row
    votes = Votes.of(people, columns, values, times)
    found = zip(votes.participant_ids[votes.rows], votes.statement_ids[votes.columns], votes.values, strict=True)
    assert [tuple(map(int, one)) for one in found] == [(*pair, values[counts[pair]]) for pair in sorted(counts)]
