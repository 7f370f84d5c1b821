"""Real results of older forms, made by the programs of then, are recounted; and what nothing in them tells is named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.running.test_opinion import HEAD, Run, run

__all__ = ["run"]
GOLDEN = Path(__file__).parents[1] / "golden/opinion/forms"
RESULTS = sorted(path.name for path in GOLDEN.glob("*.json"))
SEED, META = "the seed", "which statements are about the talk (meta)"


def check(run: Run, folder: Path, votes: Path, kept: Any) -> tuple[int, str, str]:
    (folder / "kept.json").write_text(json.dumps(kept))
    return run(votes, "--out", folder / "again", "--check", folder / "kept.json")


def test_there_are_results_of_every_older_form() -> None:
    names = [
        f"{votes}.{number}.json" for votes in ("camps.polis", "camps.withus", "one.withus") for number in (1, 2, 3)
    ]
    assert names == RESULTS


@pytest.mark.parametrize("name", RESULTS)
def test_a_real_result_of_an_older_form_is_the_sealed_map_and_a_forged_one_is_not(
    run: Run, tmp_path: Path, name: str
) -> None:
    made, method, form, _ = name.split(".")
    votes, kept = GOLDEN / f"{made}.votes.csv", json.loads((GOLDEN / name).read_text())
    assert (kept["method"], kept["seal"]["format"]) == (method, f"withus-opinion/{form}")
    code, out, err = check(run, tmp_path, votes, kept)
    assert code == 0, err
    parts = ["checks.reality"] if method == "polis" else ["bridging", "cohorts"] * (form != "3") + ["checks.says"]
    listed = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    assert f"map, but for {listed}, not compared as its form counted or said that in another way: " in out
    assert out.endswith(f"; taken from the seal, and could not be checked: {SEED}\n") == (made == "one")
    assert (made == "one") or out.endswith("0.000002 at most\n")

    kept["agreement"][0]["floor"] += 0.001
    kept["checks"] |= {"why": "forged", parts[-1].removeprefix("checks."): "forged"}
    code, _, err = check(run, tmp_path, votes, kept)
    assert (code, "these figures differ: agreement[0].floor, checks.why. " in err) == (1, True), err


@pytest.mark.parametrize(("name", "unsure"), [("camps.polis.3.json", META), ("one.withus.3.json", SEED)])
def test_a_bare_seal_of_an_older_form_says_what_it_cannot_tell(
    run: Run, tmp_path: Path, name: str, unsure: str
) -> None:
    seal = json.loads((GOLDEN / name).read_text())["seal"]
    code, out, err = check(run, tmp_path, GOLDEN / f"{name.split('.')[0]}.votes.csv", seal)
    assert code == 0, err
    assert "this is the sealed map: " in out
    assert out.endswith(f"; taken from the seal, and could not be checked: {unsure}\n")


@pytest.mark.parametrize(
    ("method", "forge"),
    [
        ("polis", lambda seal: seal.update(meta=[])),
        ("polis", lambda seal: seal.update(moderated=[1, 2])),
        ("withus", lambda seal: seal.update(seed=77)),
        ("withus", lambda seal: seal.pop("said")),
    ],
)
def test_what_a_recount_only_takes_from_a_seal_is_compared_at_once(
    run: Run, tmp_path: Path, method: str, forge: Callable[[dict[str, Any]], None]
) -> None:
    votes, about = tmp_path / "votes.csv", tmp_path / "comments.csv"
    rows = [f"{person},{one},{(person * one) % 3 - 1}" for person in range(9) for one in range(9)]
    votes.write_text(HEAD.decode() + "\n".join(rows) + "\n")
    about.write_text("comment-id,moderated,is-meta\n2,1,t\n")
    run(votes, "--method", method, "--comments", about, "--out", tmp_path / "map")
    seal = json.loads((tmp_path / "map" / "seal.json").read_text())
    _, out, _ = check(run, tmp_path, votes, seal)
    assert out.endswith("0.000002 at most\n")
    for file in (tmp_path / "again").iterdir():
        file.unlink()

    forge(seal)
    code, out, err = check(run, tmp_path, votes, seal)
    assert (code, out) == (1, "")
    assert "this is not the sealed map: its method, seed or statements left out are not those it was sealed with" in err
    assert not list((tmp_path / "again").iterdir()), "nothing was counted"
