"""The opinion map over a cluster of two: the same bytes as on one machine, or one sentence that says what is wrong."""

import gzip
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.compute.opinion_data import conversation
from tests.running.test_opinion import BREXIT, LONDON, run

from withus.compute.opinion_map import opinion_map, shards
from withus.compute.opinion_map.reading import Stretch
from withus.compute.opinion_map.shards import read_shards
from withus.core.errors import NoHands
from withus.running import cluster

distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed: requirements/dask.lock")
Run = Callable[..., tuple[int, str, str]]
__all__ = ["run"]


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A cluster of two processes on this machine, which gives work up at the first death."""
    import dask

    silent = {"distributed": "critical", "distributed.nanny": "critical"}
    settings = {"distributed.scheduler.allowed-failures": 0, "logging": silent}
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=logging.CRITICAL
        ) as two,
    ):
        yield two.scheduler_address


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize(("method", "few"), [("withus", 0), ("polis", 0), ("withus", 638)])
def test_a_cluster_writes_the_bytes_that_one_machine_writes(
    run: Run, scheduler: str, tmp_path: Path, method: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "FEW", few)
    head, *lines = (LONDON / "votes.csv").read_bytes().splitlines(keepends=True)
    one, other = tmp_path / "one.csv", tmp_path / "other.csv.gz"
    one.write_bytes(head + b"".join(lines[::3] + lines[1::3]))
    other.write_bytes(gzip.compress(head + b"".join(lines[2::3])))
    words = [one, other, "--comments", LONDON / "comments.csv", "--method", method]

    run(*words, "--out", tmp_path / "here")
    code, _, err = run(*words, "--out", tmp_path / "there", "--scheduler", scheduler)

    assert code == 0, err
    assert files(tmp_path / "here") == files(tmp_path / "there")
    assert set(files(tmp_path / "there")) >= {"result.json", "people.csv", "map.svg"}


def test_shuffles_people_drawn_again_and_invented_crowds_are_the_same_over_a_cluster(scheduler: str) -> None:
    votes, moderated = conversation("brexit-consensus")
    with cluster.workers(scheduler) as hands:
        spread = read_shards(hands, BREXIT / "votes.csv")
        assert (len(spread.parts), spread.people, spread.cast) == (2, votes.people, votes.cast)
        there = opinion_map(spread, moderated, shuffles=99, bootstraps=2, clouds=3)
    here = opinion_map(votes, moderated, shuffles=99, bootstraps=2, clouds=3)
    assert there.as_json() == here.as_json()
    assert there.checks["cloud"].clouds == 3


def refused(run: Run, tmp_path: Path, *words: object) -> tuple[int, str]:
    """The exit code and the one line."""
    code, out, err = run(LONDON / "votes.csv", "--out", tmp_path / "map", *words)
    assert (out, err.count("\n")) == ("", 1), err
    assert not (tmp_path / "map").exists()
    return code, err


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nowhere"])
def test_a_scheduler_that_does_not_answer_is_said_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.2)
    code, err = refused(run, tmp_path, "--scheduler", address)
    assert (code, f"no Dask scheduler answers at {address}" in err) == (3, True)


def test_a_missing_extra_is_said_in_one_line(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, err = refused(run, tmp_path, "--scheduler", "tcp://127.0.0.1:1")
    assert (code, "pip install --require-hashes -r requirements/dask.lock" in err) == (3, True)


def test_workers_with_another_version_are_refused(
    run: Run, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "version", lambda name: "another")
    code, err = refused(run, tmp_path, "--scheduler", scheduler)
    assert (code, "2 workers have not this version of Withus" in err) == (3, True)


def test_bad_votes_are_named_by_their_line_in_the_whole_file(run: Run, scheduler: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("participant_id,statement_id,vote\n" + "1,2,1\n" * 500 + "1,2,7\n" + "1,2,8\n")
    code, _, err = run(bad, "--out", tmp_path / "map", "--scheduler", scheduler)
    assert (code, err.count("\n")) == (1, 1)
    assert "line 502: a vote must be 1 (agree), -1 (disagree) or 0 (pass), not “1,2,7”" in err


@pytest.mark.parametrize(
    ("seen", "says"),
    [
        (
            LONDON / "elsewhere.csv",
            "elsewhere.csv: a worker cannot read it (No such file or directory); let all machines see it",
        ),
        (LONDON / "votes.csv", "a worker sees another file there"),
    ],
)
def test_a_file_that_workers_do_not_see_is_named_and_no_other_is_taken_for_it(
    run: Run, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seen: Path, says: str
) -> None:
    monkeypatch.setattr(shards, "stretches", lambda paths, number: [Stretch(seen, 5)])
    code, err = refused(run, tmp_path, "--scheduler", scheduler)
    assert (code, says in err) == (1, True)


def test_a_cluster_without_workers_is_said_in_one_line(run: Run, tmp_path: Path) -> None:
    with distributed.LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=logging.CRITICAL) as nobody:
        code, err = refused(run, tmp_path, "--scheduler", nobody.scheduler_address)
    assert (code, "has no workers; start some: dask worker tcp://127.0.0.1:" in err) == (3, True)


def test_workers_that_all_went_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "GLANCE", 0.1)
    with (
        distributed.LocalCluster(
            n_workers=1, processes=False, dashboard_address=":0", silence_logs=logging.CRITICAL
        ) as one,
        cluster.workers(one.scheduler_address) as hands,
    ):
        hands.client.retire_workers()
        with pytest.raises(NoHands, match="no workers left"):
            hands.fetched([hands.do(abs, -1)])


@pytest.mark.parametrize("problem", [distributed.core.CommClosedError, distributed.CancelledError])
def test_a_scheduler_that_goes_away_is_said(scheduler: str, problem: type[Exception]) -> None:
    with (
        pytest.raises(NoHands, match="went away in the midst of the work"),
        cluster.workers(scheduler),
    ):
        raise problem


def test_a_worker_that_dies_is_said_in_one_line(
    run: Run, scheduler: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "stretches", lambda paths, number: [9])
    monkeypatch.setattr(shards, "_rows", os._exit)
    code, err = refused(run, tmp_path, "--scheduler", scheduler)
    assert (code, "a worker ended in the midst of its work" in err) == (3, True)
