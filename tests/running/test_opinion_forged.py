"""A recount says "this is the sealed map" of nothing that it did not look at, whatever lies in the file to check."""

import argparse
import functools
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.running.test_opinion import HEAD, LONDON, Run, run

from withus.compute.opinion_map import opinion_map, polis_map, read_votes
from withus.compute.opinion_map.seal import sealed
from withus.core.errors import Refused
from withus.running import opinion

__all__ = ["run"]
FORMS = [f"withus-opinion/{number}" for number in (1, 2, 3, 4)]
OLDER = FORMS[:2]


def made(form: str) -> dict[str, Any]:
    """A whole result in that form, made today; real ones are in test_opinion_forms.py."""
    votes = read_votes(LONDON / "votes.csv")
    now = opinion_map(votes, light=form == FORMS[-1])
    result: dict[str, Any] = json.loads(now.text(seal=sealed(votes, now, form=form)))
    if form in OLDER:
        result |= {"bridging": [], "cohorts": [{"kind": "crowd"}]}
    return result


def check(run: Run, folder: Path, kept: Any) -> tuple[int, str, str]:
    (folder / "kept.json").write_text(json.dumps(kept))
    return run(LONDON / "votes.csv", "--out", folder / "again", "--check", folder / "kept.json")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("place", "forge"),
    [
        ("agreement[0].floor", lambda result: result["agreement"][0].update(floor=0.99)),
        ("positions[0][0]", lambda result: result["positions"].__setitem__(0, [9, 9])),
        ("participants", lambda result: result.update(participants=99999)),
        ("checks", lambda result: result.update(checks="forged")),
        ("more", lambda result: result.update(more=[1])),
        ("spreads", lambda result: result.pop("spreads")),
        ("seal.more", lambda result: result["seal"].update(more=1)),
        ("seal.statements", lambda result: result["seal"].update(statements=[1])),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_forged_figure_is_named_in_a_result_of_every_form(
    run: Run, tmp_path: Path, form: str, place: str, forge: Callable[[dict[str, Any]], None]
) -> None:
    result = made(form)
    forge(result)
    code, out, err = check(run, tmp_path, result)
    assert (code, out) == (1, "")
    assert f"this is not the sealed map: these figures differ: {place}" in err


@pytest.mark.parametrize("form", FORMS)
def test_what_an_older_form_counted_in_another_way_is_said_not_to_be_compared(
    run: Run, tmp_path: Path, form: str
) -> None:
    result = made(form)
    code, out, err = check(run, tmp_path, result)
    assert code == 0, err
    parts = {FORMS[-1]: "", FORMS[-2]: "checks.says"}.get(form, "bridging, cohorts and checks.says")
    but = f", but for {parts}, not compared as its form counted or said that in another way" if parts else ""
    assert f"this is the sealed map{but}: " in out
    assert "this is the sealed map: " in check(run, tmp_path, result["seal"])[1]


@pytest.mark.parametrize("form", FORMS)
def test_a_compatible_map_is_compared_whole_in_every_form(run: Run, tmp_path: Path, form: str) -> None:
    votes = read_votes(LONDON / "votes.csv")
    now = polis_map(votes, light=form == FORMS[-1])
    result = json.loads(now.text(seal=sealed(votes, now, form=form)))
    code, out, err = check(run, tmp_path, result)
    says = "this is the sealed map: " if form == FORMS[-1] else "this is the sealed map, but for checks.reality"
    assert (code, says in out) == (0, True), err
    code, _, err = check(run, tmp_path, result | {"bridging": [1]})
    assert (code, "these figures differ: bridging" in err) == (1, True)


def test_other_statements_left_out_are_told(run: Run, tmp_path: Path) -> None:
    result = made(FORMS[-2])
    code, _, err = check(run, tmp_path, result["seal"] | {"moderated": [999_999]})
    assert (code, "this is not the sealed map: which statements are left out differs." in err) == (1, True)


ODD = [
    None, True, 0.5, -1, 2**63, 10**400, -(10**400), 1e308, float("nan"), float("inf"), "", "odd", "\ud800", "\0\x1b",
    [], [[]], [[10**400]], [None], ["1"], ["\ud800"], [2**63], [float("nan")], [[1], []], {}, {"": {}}, {"format": []},
]  # fmt: skip


def places(value: Any, *before: Any) -> Iterator[tuple[Any, ...]]:
    """All places in a JSON value, of long lists only the first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    yield before
    for key, one in inner:
        yield from places(one, *before, key)


def with_odd(value: Any, place: tuple[Any, ...], odd: Any) -> Any:
    """The value, with another one in one place."""
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = with_odd(copy[place[0]], place[1:], odd) if len(place) > 1 else odd
    return copy


@pytest.mark.parametrize(("method", "kept"), [("withus", "result.json"), ("polis", "seal.json")])
def test_an_odd_value_anywhere_in_a_seal_is_refused_in_words(
    tmp_path: Path, method: str, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opinion, "drawing", lambda *_: "")  # hundreds of maps are made here
    monkeypatch.setattr(opinion, "tables", lambda *_: {})
    votes = [f"{person},{about},{(person * about) % 3 - 1}" for person in range(3) for about in range(3)]
    (tmp_path / "votes.csv").write_bytes(HEAD + "\n".join(votes).encode() + b"\n")
    (tmp_path / "out.csv").write_text("comment-id,moderated,is-meta\n2,-1,t\n")
    about = {"files": [tmp_path / "votes.csv"], "out": tmp_path, "scheduler": None, "seed": None, "previous": None}
    first = argparse.Namespace(**about, method=method, comments=tmp_path / "out.csv", check=None)
    again = argparse.Namespace(**about, method=None, comments=None, check=tmp_path / "odd.json")
    opinion.make(first)
    whole = json.loads((tmp_path / kept).read_text())
    inside, seal = ([], whole) if kept == "seal.json" else (["seal"], whole["seal"])
    for place, odd in itertools.product([*places(seal), ("more",), ("statements",), ("renumbered",)], ODD):
        (tmp_path / "odd.json").write_text(json.dumps(with_odd({"": whole}, ("", *inside, *place), odd)[""]))
        try:
            opinion.make(again)
        except Refused:
            continue
        was = functools.reduce(lambda value, key: value[key] if key in value or key == 0 else None, place, seal)
        assert was == odd, f"{odd!r:.60} at {place} was not seen"
