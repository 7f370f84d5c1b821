"""A map is counted again: what differs is named, and groups keep their numbers where an earlier map is given."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.compute.test_opinion_light import small_camp
from tests.running.test_opinion import BREXIT, HEAD, LONDON, Run, as_before, run

from withus.compute.opinion_map import opinion_map
from withus.compute.opinion_map.seal import sealed

__all__ = ["as_before", "run"]


@pytest.mark.parametrize("method", ["withus", "polis"])
@pytest.mark.parametrize("kept", ["seal.json", "result.json"])
def test_a_map_is_recounted_with_its_own_method_and_moderation(
    run: Run, tmp_path: Path, method: str, kept: str
) -> None:
    words = ["--method", method, "--seed", 5, "--comments", LONDON / "comments.csv"]
    run(LONDON / "votes.csv", "--out", tmp_path / "one", *words)
    code, out, err = run(LONDON / "votes.csv", "--out", tmp_path / "two", "--check", tmp_path / "one" / kept)
    assert code == 0, err
    where, says = out.splitlines()
    assert where == str(tmp_path / "two" / "result.json")
    assert says == (
        "this is the sealed map: 26 ballots with 638 votes were counted again; the counts of the statements, who is in "
        "which group and the lists are equal, and the axes differ by 0.000002 at most"
    )
    assert (tmp_path / "one" / "result.json").read_bytes() == (tmp_path / "two" / "result.json").read_bytes()


@pytest.mark.parametrize(("gone", "says"), [({"3"}, "1 ballot (sealed 26, counted 25)"),
                                            ({"3", "5"}, "2 ballots (sealed 26, counted 24)")])  # fmt: skip
def test_ballots_that_are_gone_since_the_seal_are_counted(run: Run, tmp_path: Path, gone: set[str], says: str) -> None:
    run(LONDON / "votes.csv", "--out", tmp_path)
    lines = (LONDON / "votes.csv").read_text().splitlines()
    fewer = tmp_path / "fewer.csv"
    fewer.write_text("\n".join(line for line in lines if line.split(",")[3] not in gone) + "\n")

    code, out, err = run(fewer, "--out", tmp_path / "again", "--check", tmp_path / "seal.json")

    assert (code, out) == (1, "")
    assert f"withus: this is not the sealed map: the recount differs by {says}; the recount differs by " in err
    assert "the counts of the statements differ; " in err
    assert err.endswith(f". The recount is in {tmp_path / 'again'}\n")


def test_one_vote_that_was_changed_since_the_seal_is_found(run: Run, tmp_path: Path) -> None:
    votes = tmp_path / "votes.csv"
    for last in ("1", "-1", ""):
        rows = [f"{person},{statement},1" for person in range(9) for statement in range(9)]
        rows[-1:] = [f"8,8,{last}"] if last else []
        votes.write_bytes(HEAD + "\n".join(rows).encode() + b"\n")
        check = [] if last == "1" else ["--check", tmp_path / "map" / "seal.json"]
        code, _, err = run(votes, "--out", tmp_path / ("again" if check else "map"), *check)
        assert code == bool(check)
        assert ("the recount differs by 1 vote (sealed 81, counted 80); " in err) == (last == "")
        assert ("this is not the sealed map: the counts of the statements differ" in err) == (last == "-1")


def _floor(result: dict[str, Any]) -> None:
    result["agreement"][0]["floor"] = 0.99


def _place(result: dict[str, Any]) -> None:
    result["positions"][3][1] += 0.001


def _order(result: dict[str, Any]) -> None:
    result["bridging"].reverse()


@pytest.mark.parametrize(
    ("forge", "named"),
    [(_floor, "agreement[0].floor"), (_place, "positions[3][1]"), (_order, "bridging[0]")],
)
def test_a_figure_that_was_forged_beside_a_true_seal_is_named(
    run: Run, tmp_path: Path, forge: Callable[[dict[str, Any]], None], named: str
) -> None:
    run(LONDON / "votes.csv", "--out", tmp_path)
    result = json.loads((tmp_path / "result.json").read_text())
    forge(result)
    (tmp_path / "forged.json").write_text(json.dumps(result))
    code, _, err = run(LONDON / "votes.csv", "--out", tmp_path / "again", "--check", tmp_path / "forged.json")
    assert code == 1
    assert f"this is not the sealed map: these figures differ: {named}" in err


def test_another_seed_is_told(run: Run, tmp_path: Path) -> None:
    run(LONDON / "votes.csv", "--out", tmp_path)
    words = [LONDON / "votes.csv", "--out", tmp_path / "again", "--check", tmp_path / "seal.json", "--seed", 5]
    code, _, err = run(*words)
    assert (code, "it was made with seed 0, and counted with 5" in err) == (1, True)


def test_a_result_that_is_no_map_is_refused(run: Run, tmp_path: Path) -> None:
    for said in (
        '{"groups": {"1": Infinity}}',
        '{"groups": {"1": -7}}',
        '{"groups": {"1": 10000000000000}}',
        "[" * 9_999,
    ):
        (tmp_path / "odd.json").write_text(said)
        for word in ("--previous", "--check"):
            code, _, err = run(LONDON / "votes.csv", "--out", tmp_path / "map", word, tmp_path / "odd.json")
            assert (code, "give the" in err) == (1, True), err


@pytest.mark.usefixtures("as_before")
def test_groups_keep_the_numbers_of_the_map_before(run: Run, tmp_path: Path) -> None:
    run(BREXIT / "votes.csv", "--out", tmp_path / "one")
    before = json.loads((tmp_path / "one" / "result.json").read_text())
    before["groups"] = {person: 1 - group for person, group in before["groups"].items()}
    (tmp_path / "before.json").write_text(json.dumps(before))
    code, _, err = run(BREXIT / "votes.csv", "--out", tmp_path / "two", "--previous", tmp_path / "before.json")
    assert code == 0, err
    assert json.loads((tmp_path / "two" / "result.json").read_text())["groups"] == before["groups"]
    words = [BREXIT / "votes.csv", "--out", tmp_path / "three", "--check", tmp_path / "two" / "result.json"]
    assert "its groups kept the numbers of an earlier map; give that with --previous" in run(*words)[2]
    assert run(*words, "--previous", tmp_path / "before.json")[0] == 0
    (tmp_path / "none.json").write_text("[]")
    code, _, err = run(BREXIT / "votes.csv", "--out", tmp_path / "two", "--previous", tmp_path / "none.json")
    assert (code, "give the result.json of the map before" in err) == (1, True)


def test_a_bent_seal_is_found(run: Run, tmp_path: Path) -> None:
    run(LONDON / "votes.csv", "--out", tmp_path)
    seal = json.loads((tmp_path / "seal.json").read_text())
    seal["axes"][0][3] += 0.001
    (tmp_path / "bent.json").write_text(json.dumps(seal))
    code, _, err = run(LONDON / "votes.csv", "--out", tmp_path / "again", "--check", tmp_path / "bent.json")
    assert code == 1
    assert "withus: this is not the sealed map: the axes differ by more than 0.000002. The recount is in " in err


def test_a_seal_from_before_small_groups_were_heard_is_recounted_without_them(run: Run, tmp_path: Path) -> None:
    votes, real = tmp_path / "votes.csv", small_camp()
    cast = np.stack([real.participant_ids[real.rows], real.statement_ids[real.columns], real.values], axis=1).tolist()
    votes.write_text(HEAD.decode() + "".join(f"{person},{about},{value}\n" for person, about, value in cast))
    before = opinion_map(real, light=False)
    assert before.supported
    for form, ends in (("withus-opinion/3", 0), ("withus-opinion/4", 1)):
        (tmp_path / "old.json").write_text(json.dumps(sealed(real, before, form=form)))
        code, _, err = run(votes, "--out", tmp_path / "again", "--check", tmp_path / "old.json")
        assert code == ends, err
    assert "the lists differ" in err
