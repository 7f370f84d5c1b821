"""What of a map everybody may see, and what stays with the house: small counts and single people are left out here.

Nobody is a dot: of each group only a typical shape is told, of ten people or more. Shares are over ten votes or more in
each group, in steps of five, never none or all. Statements are told by their numbers.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from withus.compute.opinion_map.agreement import SMALLEST_SHARE, counted, floors_left, of_everybody, uncounted
from withus.compute.opinion_map.agreement import listed as agreed
from withus.compute.opinion_map.compiled import Array
from withus.compute.opinion_map.conversation import VOTED
from withus.compute.opinion_map.groups import BOOTSTRAPS
from withus.compute.opinion_map.manipulation import alike_crowds
from withus.compute.opinion_map.results import DIGITS, NOBODY
from withus.compute.opinion_map.seal import tallied
from withus.compute.opinion_map.votes import Votes
from withus.compute.opinion_map.withus import OpinionMap
from withus.compute.placing import SIDE
from withus.compute.republishing import FORM, PEOPLE_DIFFER, SHOWN, listed
from withus.compute.suppression import INSIDE_FLOOR, PERCENT_FROM, PUBLIC_FLOOR, in_fives, in_tens

REACH = 1.5  # standard deviations from the middle of a group to the edge of its shape: two of three people
STEP, TURN = 10, 15  # in which shapes are told, of a picture of 300 and of degrees: one vote seldom moves them
Ellipse = tuple[Array, Array, float]


def published(votes: Votes, made: OpinionMap) -> dict[str, Any]:
    """What everybody may see of a first map: why there are groups or none, and with groups their shapes and the lists.

    What of it follows an earlier map is said elsewhere (`republishing`).
    """
    content: dict[str, Any] = {"why": made.checks["why"], "groups": []}
    if "reality" in made.checks:
        reality = made.checks["reality"]
        content["shuffles"] = reality.shuffles
        content["reached"] = round(reality.chance * (reality.shuffles + 1)) - 1
    number = len(made.group_sizes)
    if "cloud" in made.checks:
        cloud = made.checks["cloud"]
        content["clouds"] = cloud.clouds
        content["as_clear"] = cloud.reached(number) if number else cloud.fewest
    if "alike" in made.checks:
        content["is_without_alike"] = True
    content |= listed(_rows(votes, made, made.group_sizes), number)
    if not number:
        return content
    sizes = made.group_sizes
    return content | {
        "people": in_tens(sum(sizes)),
        "draws": BOOTSTRAPS,
        "stays": in_fives(min(made.checks["splits"][number]["jaccards"]), down=True),
        "light": SMALLEST_SHARE,
        "groups": [{"people": in_tens(size)} | shape for size, shape in zip(sizes, _shapes(made), strict=True)],
    }


def kept(votes: Votes, made: OpinionMap, sizes: Sequence[int] | None = None) -> dict[str, Any]:
    """What stays with the house: the counts behind the map, where a person would stand on it, and the cohorts.

    `sizes`: of the groups of the picture that is shown with it, if it is an earlier one (`republishing.shown_sizes`).
    `placing`: the model, of statements whose votes are enough to be told: by one's own place nobody hears of others.
    `lows`: floors in steps, of all and without the people of each crowd with nearly the same ballot.
    """
    shown = ~votes.columns_of(made.moderated)
    seen, number = votes.on_statements(shown), len(made.group_sizes)
    base = made.group_of if number else np.zeros(votes.people, np.int32)
    crowds = [one for one in alike_crowds(seen, base) if one.sum() >= INSIDE_FLOOR]
    model = np.column_stack([votes.statement_ids[shown], made.model.mean, made.model.loadings, made.model.noise])
    told = seen.tallies[:, VOTED] >= PUBLIC_FLOOR
    return {
        "form": FORM,
        "counts": tallied(votes).tolist(),
        "people": votes.people,
        "placing": [[int(number), *np.round(rest, DIGITS).tolist()] for number, *rest in model[told].tolist()],
        "centers": [np.round(center, DIGITS).tolist() for center in _centers(made)],
        "frame": np.round(_frame(_ellipses(made)), DIGITS).tolist(),
        "sizes": list(made.group_sizes),
        "votes": votes.cast,
        "rows": _rows(votes, made, made.group_sizes if sizes is None else sizes),
        "lows": _lows(seen, base, base),
        "cohorts": [
            *({"group": group, "people": size} for group, size in enumerate(made.group_sizes)),
            *(
                {"group": None, "people": int(one.sum()), "lows": _lows(seen, np.where(one, NOBODY, base), base)}
                for one in crowds
            ),
        ],
    }


def _lows(votes: Votes, group_of: Array, base: Array) -> dict[str, int]:
    """The floors of statements with ten votes in each group of which ten people are left, in steps of five."""
    sizes = np.bincount(base[base != NOBODY])
    left = np.bincount(group_of[group_of != NOBODY], minlength=len(sizes)) >= PUBLIC_FLOOR
    if not left.any():
        return {}
    counts = counted(votes, group_of, len(sizes))
    known = (counts.voted[left] >= PERCENT_FROM).all(axis=0)
    low = floors_left(counts, sizes, left)
    found = zip(votes.statement_ids[known].tolist(), low[known].tolist(), strict=True)
    return {str(statement): in_fives(one, down=True) for statement, one in found}


def _rows(votes: Votes, made: OpinionMap, sizes: Sequence[int]) -> dict[str, dict[str, Any]]:
    """What may be told of each statement, with the counts behind it: by groups if there are any, and of bridging.

    `without`: the floor with each group left out, of statements with ten votes in each of the others. `uncounted`:
    the groups that are not in a floor from a half on, because they are too small, by these sizes.
    """
    counts = {statement: rest for statement, *rest in tallied(votes).tolist()}
    number, found = len(made.group_sizes), {}
    if number:
        by_group = counted(votes, made.group_of, number)
        enough = by_group.voted >= PERCENT_FROM
        known = set(votes.statement_ids[enough.all(axis=0)].tolist())
        apart = [np.delete(enough, group, axis=0).all(axis=0) for group in range(number)]
        among = dict(zip(votes.statement_ids.tolist(), np.array(apart).T.tolist(), strict=True))
        said, small = [_said(made, group, known) for group in range(number)], uncounted(sizes)
        shown = ~votes.columns_of(made.moderated)
        found["by_group"] = {
            str(one.statement): {
                "counts": counts[one.statement],
                "groups": number,
                "floor": one.floor if one.statement in known else None,
                "without": [
                    in_fives(low, down=True) if is_known else None
                    for low, is_known in zip(one.without, among[one.statement], strict=True)
                ],
                "uncounted": small,
                "said": [of_group.get(one.statement) for of_group in said],
            }
            for one in agreed(by_group, of_everybody(votes), np.array(sizes), votes.statement_ids, shown)
        }
    if made.checks["why"] in PEOPLE_DIFFER:
        found["bridging"] = _bridging(made, counts)
    return found


def _said(made: OpinionMap, group: int, known: set[int]) -> dict[int, dict[str, Any]]:
    """What one group says clearly more often than the others; the others also with each further group left out."""
    return {
        one.statement: {
            "direction": one.direction,
            "share": in_fives(one.share),
            "others": in_fives(one.others),
            "without": [
                None if effect is None or left < PERCENT_FROM else in_fives(one.share - effect)
                for effect, left in zip(one.without, one.n_without, strict=True)
            ],
            "low": one.low,
        }
        for one in made.representative[group]
        if one.statement in known and min(one.n, one.n_others) >= PERCENT_FROM
    }


def _bridging(made: OpinionMap, counts: dict[int, list[int]]) -> dict[str, Any]:
    """Which are liked by people who usually disagree, and whether each stays in the list with each group left out."""
    liked = [one for one in made.bridging if one.both_sides and one.least >= PERCENT_FROM]
    scores, heads = {one.statement: one.score for one in liked}, []
    for group in range(len(made.group_sizes)):
        order = np.argsort([-round(one.without[group], DIGITS) for one in liked], kind="stable")
        heads.append({liked[place].statement for place in order[:SHOWN].tolist()})
    return {
        str(one.statement): {
            "counts": counts[one.statement],
            "groups": len(heads),
            "score": scores.get(one.statement),
            "shares": [in_fives(share) for share in one.shares],
            "stays": [one.statement in head for head in heads],
        }
        for one in made.bridging
    }


def _centers(made: OpinionMap) -> list[Array]:
    return [made.positions[made.group_of == group].mean(axis=0) for group in range(len(made.group_sizes))]


def _ellipses(made: OpinionMap) -> list[Ellipse]:
    """Of each group the middle, both half axes and the turn in degrees; nobody's own place is in it."""
    found = []
    for group in range(len(made.group_sizes)):
        points = made.positions[made.group_of == group]
        values, vectors = np.linalg.eigh(np.cov(points.T))
        axes = REACH * np.sqrt(np.maximum(values[::-1], 0))
        found.append((points.mean(axis=0), axes, float(np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1])))))
    return found


def _frame(found: list[Ellipse]) -> Array:
    """The middle of the picture, and how many steps of it one unit is: all shapes lie inside."""
    if not found:
        return np.zeros(3)
    low = np.min([middle - axes[0] for middle, axes, _ in found], axis=0)
    high = np.max([middle + axes[0] for middle, axes, _ in found], axis=0)
    return np.append((low + high) / 2, 0.9 * SIDE / max(float((high - low).max()), 1e-9))


def _shapes(made: OpinionMap) -> list[dict[str, int]]:
    found = _ellipses(made)
    x, y, scale = _frame(found).tolist()
    return [
        {
            "x": _stepped(SIDE / 2 + (middle[0] - x) * scale),
            "y": _stepped(SIDE / 2 - (middle[1] - y) * scale),
            "wide": max(_stepped(axes[0] * scale), STEP),
            "tall": max(_stepped(axes[1] * scale), STEP),
            "turn": TURN * round(-turn / TURN) % 180,
        }
        for middle, axes, turn in found
    ]


def _stepped(value: float) -> int:
    return STEP * round(value / STEP)
