"""A map as CSV tables: people, statements, and what stands for each group."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np

from withus.compute.opinion_map.compiled import Array
from withus.compute.opinion_map.machine import bare
from withus.compute.opinion_map.polis import PolisMap
from withus.compute.opinion_map.representative import Representative
from withus.compute.opinion_map.results import NOBODY, Map, written
from withus.compute.opinion_map.withus import OpinionMap

_END, _COMMA, _RETURN, _FEED = b"],\r\n"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


def tables(made: Map, texts: Mapping[int, str]) -> dict[str, bytes]:
    """The files by name."""
    more = {"cohorts.csv": _cohorts(made).encode()} if isinstance(made, OpinionMap) else {}
    return more | {
        "people.csv": _people(made),
        "statements.csv": _statements(made, texts).encode(),
        "representative.csv": _representative(made, texts).encode(),
    }


def _people(made: Map) -> bytes:
    head = ["participant_id", "group", "x", "y"]
    figures = made.placed
    if isinstance(made, OpinionMap):
        head += ["variance_x", "variance_y", "covariance", "certainty"]
        figures = written(np.column_stack([made.positions, made.spreads, made.certainty]))
    people = written(np.column_stack([made.participant_ids, made.group_of])).replace(b",%d]" % NOBODY, b",]")
    left, right = (np.frombuffer(one, np.uint8) for one in (people, figures))
    rows = np.empty(len(left) + len(right), np.uint8)
    return b"".join([",".join(head).encode(), b"\r\n", rows[: _beside(left, right, rows)].tobytes()])


@bare
def _beside(left: Array, right: Array, made: Array) -> int:
    """The rows of two tables, which are JSON, side by side as CSV; how many bytes."""
    size, at, beside = 0, 2, 2
    while at < len(left):
        while left[at] != _END:
            made[size] = left[at]
            size, at = size + 1, at + 1
        made[size] = _COMMA
        size += 1
        while right[beside] != _END:
            made[size] = right[beside]
            size, beside = size + 1, beside + 1
        made[size], made[size + 1] = _RETURN, _FEED
        size, at, beside = size + 2, at + 3, beside + 3
    return size


def _statements(made: Map, texts: Mapping[int, str]) -> str:
    head = ["statement_id", "floor", "gac", "gac_mean", "disagree_floor", "agree", "disagree", "pass"]
    head += [f"floor_without_group_{group}" for group in range(len(made.group_sizes))]
    scores: dict[int, list[Any]] = {}
    if isinstance(made, OpinionMap):
        head += ["bridging", "liked_on_both_sides"]
        scores = {one.statement: [one.score, int(one.both_sides)] for one in made.bridging}
    if isinstance(made, PolisMap):
        head += ["extremity", "priority"]
        figures = zip(made.statement_ids.tolist(), made.extremity.tolist(), made.priority.tolist(), strict=True)
        scores = {statement: list(rest) for statement, *rest in figures}
    rows = (
        [
            one.statement, one.floor, one.gac, one.gac_mean, one.disagree_floor, one.agree, one.disagree, one.passed,
            *(one.without if len(made.group_sizes) > 1 else [""] * len(made.group_sizes)), *scores[one.statement],
            _safe(texts.get(one.statement, "")),
        ]
        for one in made.agreement
    )  # fmt: skip
    return _written([*head, "text"], rows)


def _representative(made: Map, texts: Mapping[int, str]) -> str:
    rows = []
    for group, statements in enumerate(made.representative):
        for one in statements:
            if isinstance(one, Representative):
                figures: list[object] = [one.share, one.n, one.others, one.n_others, one.effect, one.low, one.high]
            else:
                figures = [one.p, one.trials, "", "", "", "", ""]
            rows.append([group, one.statement, one.direction, *figures, _safe(texts.get(one.statement, ""))])
    head = ["group", "statement_id", "direction", "share", "n", "others_share", "others_n", "effect", "low", "high"]
    return _written([*head, "text"], rows)


def _cohorts(made: OpinionMap) -> str:
    """The head of the list with and without some people, a line for each place in it."""
    head = ["kind", "name", "people", "kept", "place", "with", "without"]
    rows = (
        [one.kind, one.name, one.people, one.kept, place, *pair]
        for one in made.cohorts
        for place, pair in enumerate(zip_longest(one.top, one.without, fillvalue=""), 1)
    )
    return _written(head, rows)


def _safe(text: str) -> str:
    """The text, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _written(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()
