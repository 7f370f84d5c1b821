"""What of a published map may change with the next one: each statement, and the picture, only in steps of its own.

Whoever could free the whole map with ten votes on one statement would read a single vote elsewhere from what changes.
So what is told of a statement stays until its own votes have moved by ten in sum, as its counts do (docs/methods).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from withus.compute.suppression import PUBLIC_FLOOR, in_fives, may_replace

SHOWN, BRIDGES, SAID = 10, 5, 5  # statements in each list
PEOPLE_DIFFER = frozenset({"supported", "unstable", "continuum"})  # why, of maps whose model says something of a person
FORM = 2  # of a picture's floors; those without it never heard a small group
HALF = 50  # percent: what every group agrees on, as far as it counts
MANY = 100  # votes, the least that are a tenth more or fewer
MOST_COHORTS = 20
_WITHOUT = "is_without_alike"
_PLACED = ("form", "placing", "centers", "frame", "sizes", "votes", "lows", "cohorts")  # of the picture
Map = Mapping[str, Any]
Rows = Sequence[Sequence[int]]


def republished(before: tuple[Map, Map] | None, content: Map, inside: Map) -> tuple[dict[str, Any], dict[str, Any]]:
    """The new map as it may follow the one before (content and inside of each).

    `withheld`: statements of which nothing is told, because the number of groups has changed since they were. `unsure`:
    of which it is not told whether every group agrees (`_unsure`). A map of before places held back statements goes
    whole.
    """
    rows = inside["rows"]
    if before and "placing" in before[1]:
        old_content, old = before
        rows = {**old.get("rows", {}), **{name: _held(old.get("rows", {}).get(name, {}), rows[name]) for name in rows}}
        inside = {**inside, "counts": _held_counts(old["counts"], inside["counts"])}
        if _is_near(old_content, old, content["why"], inside["sizes"], inside["votes"]):
            says = {_WITHOUT: content[_WITHOUT]} if _WITHOUT in content else {}  # it has to be said at once
            content = {name: one for name, one in old_content.items() if name != _WITHOUT} | says
            inside = {**inside, **{name: old.get(name) for name in _PLACED}}
    told, groups = {name: table for name, table in rows.items() if name in inside["rows"]}, len(content["groups"])
    waiting = {one for one, row in told.get("by_group", {}).items() if row["groups"] != groups}
    asked = inside["rows"].get("by_group", {})
    says = {"withheld": len(waiting.intersection(asked)), "unsure": len(_unsure(told, groups).intersection(asked))}
    content = {**content, **listed(told, groups), **says}
    return content, {**inside, "rows": rows, "cohorts": _cohorts(inside, told, groups)}


def shown_sizes(before: tuple[Map, Map] | None, why: str, sizes: Sequence[int], votes: int) -> Sequence[int]:
    """How large the groups of the picture are that stays or comes: by these it is judged who is counted in floors.

    By how large they are now, one statement after another would tell when a group passes one in twenty.
    """
    stays = before and "placing" in before[1] and _is_near(*before, why, sizes, votes)
    return before[1]["sizes"] if before and stays else sizes


def sure(content: Map, inside: Map) -> dict[str, Any]:
    """What every group agrees on by a map that an earlier version drew, as far as that heard small groups."""
    rows, groups = inside["rows"] if "placing" in inside else {}, len(content["groups"])
    lists, unsure = listed(rows, groups), len(_unsure(rows, groups) if rows else content["agreement"])
    return {"agreement": lists["agreement"], "freed": lists["freed"], "unsure": unsure}


def sure_cohorts(content: Map, inside: Map) -> list[dict[str, Any]]:
    """The lists without some people, in the same way."""
    return _cohorts(inside, inside["rows"], len(content["groups"])) if "placing" in inside else []


def _held(old: Map, new: Map) -> dict[str, Any]:
    """Each statement as it was told, or as it is now if its votes have moved far enough."""
    moved = {
        statement: row
        for statement, row in new.items()
        if may_replace(old[statement]["counts"] if statement in old else None, row["counts"])
    }
    return {**old, **moved}


def _held_counts(old: Rows, new: Rows) -> list[list[int]]:
    """The counts from which the next step is measured, so that small steps add up."""
    told = {statement: counts for statement, *counts in old}
    return [[one, *(now if may_replace(told.get(one), now) else told.get(one, now))] for one, *now in new]


def _is_near(old_content: Map, old: Map, why: str, sizes: Sequence[int], votes: int) -> bool:
    """Whether the picture stays: as many groups for the same reason, none ten people away, hardly more votes."""
    if old_content["why"] != why or len(old["sizes"]) != len(sizes):
        return False
    few = all(abs(before - now) < PUBLIC_FLOOR for before, now in zip(old["sizes"], sizes, strict=True))
    return few and abs(old["votes"] - votes) < max(MANY, old["votes"] / 10)


def listed(rows: Map, groups: int) -> dict[str, Any]:
    """The lists that everybody sees. Of a statement told under another number of groups nothing is known of these."""
    known, heard = _known(rows, groups), _heard(rows, groups)
    bridging = {int(one): row for one, row in rows.get("bridging", {}).items() if row["score"] is not None}
    return {
        "agreement": _agreed(heard),
        "said": [_said(known, group) for group in range(groups)],
        "freed": [_freed(heard, group) for group in range(groups)],
        "bridging": [
            {
                "statement": one,
                "stays": bridging[one]["stays"] if bridging[one]["groups"] == groups else [],
                "shares": bridging[one]["shares"],
            }
            for one in sorted(bridging, key=lambda one: (-round(bridging[one]["score"], 6), one))[:BRIDGES]
        ],
    }


def _known(rows: Map, groups: int) -> dict[int, Map]:
    """What was told of statements under as many groups."""
    return {int(one): row for one, row in rows.get("by_group", {}).items() if row["groups"] == groups}


def _heard(rows: Map, groups: int) -> dict[int, Map]:
    """Those of which is known who was counted in the floor: an earlier version may have passed over a small group."""
    return {one: row for one, row in _known(rows, groups).items() if "uncounted" in row}


def _unsure(rows: Map, groups: int) -> set[str]:
    """The others: they wait for their own ten votes like all that is held back."""
    return {str(one) for one in _known(rows, groups).keys() - _heard(rows, groups).keys()}


def _cohorts(inside: Map, rows: Map, groups: int) -> list[dict[str, Any]]:
    """Each cohort with the list of what all agree on, with it and without, from what is told; who changes most first.

    Without a group it is asked of the others alone whether enough of them voted on a statement.
    `lows` (of a crowd, and of all where no groups are) belong to the picture, what a statement has by groups to itself.
    """
    known = _heard(rows, groups)
    lows = {int(one): low for one, low in inside["lows"].items()}
    top = _head({one: _low(row) for one, row in known.items()} if groups else lows)
    found = []
    for one in inside["cohorts"]:
        if one["group"] is None and groups and inside.get("form") != FORM:
            continue
        if one["group"] is None:
            left = {int(about): low for about, low in one["lows"].items() if not groups or int(about) in known}
        else:
            left = {about: row["without"][one["group"]] for about, row in known.items()}
        without = _head(left)
        found.append({**one, "kept": len({*top} & {*without}), "top": top, "without": without})

    def order(one: Mapping[str, Any]) -> tuple[int, int]:
        return one["kept"] - max(len(top), len(one["without"])), -one["people"]

    return sorted(found, key=order)[:MOST_COHORTS]


def _head(lows: Mapping[int, int | None]) -> list[int]:
    """The list: what at least half agree on, surest first."""
    enough = {one: low for one, low in lows.items() if low is not None and low >= HALF}
    return sorted(enough, key=lambda one: (-enough[one], one))[:SHOWN]


def _low(row: Map) -> int | None:
    """The floor as it is told."""
    return None if row["floor"] is None else in_fives(row["floor"], down=True)


def _freed(known: Mapping[int, Map], group: int) -> list[int]:
    """What is not on the list through this group alone; no share of it is told, only that at least half agree."""
    return _head({one: row["without"][group] for one, row in known.items() if (_low(row) or 0) < HALF})


def _agreed(known: Mapping[int, Map]) -> list[dict[str, Any]]:
    """What at least half of every group that counts agrees on, and no small one surely does not; surest first."""
    floors = {one: row["floor"] for one, row in known.items() if (_low(row) or 0) >= HALF}
    return [
        {"statement": one, "floor": _low(known[one])} | {name: known[one][name] for name in ("without", "uncounted")}
        for one in sorted(floors, key=lambda one: (-round(floors[one], 6), one))[:SHOWN]
    ]


def _said(known: Mapping[int, Map], group: int) -> list[dict[str, Any]]:
    """What one group says clearly more often than the others, clearest first."""
    found = {one: row["said"][group] for one, row in known.items() if row["said"] and row["said"][group]}
    order = sorted(found, key=lambda one: (-round(found[one]["low"], 6), one))[:SAID]
    return [{"statement": one} | {key: value for key, value in found[one].items() if key != "low"} for one in order]
