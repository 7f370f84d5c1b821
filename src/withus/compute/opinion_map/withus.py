"""The map as Withus makes it: no vote filled in, doubt shown, and no groups where nothing supports them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from withus.compute.opinion_map import factors, groups, one_cloud
from withus.compute.opinion_map.agreement import agreement
from withus.compute.opinion_map.bridging import Bridging, bridging, liked_on_both_sides
from withus.compute.opinion_map.clusters import nearest
from withus.compute.opinion_map.compiled import Array
from withus.compute.opinion_map.conversation import Conversation
from withus.compute.opinion_map.manipulation import Cohort, cohorts, leaders_of_crowds
from withus.compute.opinion_map.representative import representative
from withus.compute.opinion_map.results import NOBODY, Map

FEWEST_PEOPLE = 30  # who take part; of fewer, drawing people again says too little
FEW, UNCHECKED, CHANCE, UNSTABLE = "few", "unchecked", "chance", "unstable"  # why no groups are shown
CONTINUUM, SUPPORTED = "continuum", "supported"  # not told from one cloud or a line; there are groups
_ONE_CLOUD = (
    "we cannot tell these people from one crowd without gaps, so we show no groups: invented crowds without any gap "
    "are split as clearly"
)
_UNCHECKED = "it was not checked whether there are groups"
_AGAIN = 3  # rounds of the bridging score with a group left out, from where it stood


@dataclass(frozen=True)
class Bridge:
    """A statement's bridging score, and with each group left out. `both_sides`: liked on either side of the divide.

    `shares`: of those who agree or disagree, how many agree, on each side; `least`: how many these are, on the side
    with fewer of them.
    """

    statement: int
    score: float
    both_sides: bool
    shares: tuple[float, ...]
    least: int
    without: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class OpinionMap(Map):
    """The map, with an ellipse for each position (variance of x, of y, covariance) and what follows from groups.

    `certainty`: how often each person is in the same group again when people are drawn again; 0 without groups.
    `split_checks`: what was tried, by number of groups.
    """

    spreads: Array
    certainty: Array
    bridging: tuple[Bridge, ...]
    cohorts: tuple[Cohort, ...]
    model: factors.Model  # of the statements that are not moderated

    def content(self) -> dict[str, Any]:
        """The map for `result.json`."""
        more = ("spreads", "certainty", "bridging", "cohorts")
        return super().content() | {name: getattr(self, name) for name in more}


def _quiet(part: str, done: int, of: int) -> None:
    """Tells nobody."""


def opinion_map(
    votes: Conversation, moderated: Iterable[int] = (), seed: int = 0, *, previous: Mapping[int, int] | None = None,
    shuffles: int = groups.SHUFFLES, bootstraps: int = groups.BOOTSTRAPS, clouds: int = groups.CLOUDS,
    alike: bool = True, light: bool = True, straight: bool = False, tell: groups.Tell = _quiet,
) -> OpinionMap:  # fmt: skip
    """The map of these votes. `moderated`: statements left out. `previous`: groups whose numbers are kept if they last.

    `tell` hears how far long work is. Without `bootstraps` and enough `shuffles` and `clouds` nothing is checked, so no
    groups are shown. With `clouds` 0 no gap is asked for, as in seals of form 1; without `alike` groups may rest on
    nearly the same ballots, as in seals of form 2; without `light` a group of under one in twenty never counts in a
    floor, and with `straight` a gap is looked for on straight lines and beside discs alone, as in seals of form 3.
    """
    hidden = votes.columns_of(moderated)
    seen = votes.shown(hidden)
    model, places, group_of, certainty, checks = _parted(
        seen, seed, (shuffles, bootstraps, clouds, straight), tell, alike
    )
    number = int(group_of.max()) + 1
    if previous:
        group_of = groups.matched(votes.participant_ids, group_of, number, previous)
    tell("lists", 0, 1)
    everything, axes_of_all = np.ones(seen.statements, np.bool_), np.zeros((2, votes.statements))
    axes_of_all[:, ~hidden] = model.loadings.T
    return OpinionMap(
        method="withus",
        seed=seed,
        participant_ids=votes.participant_ids,
        statement_ids=votes.statement_ids,
        moderated=tuple(votes.statement_ids[hidden].tolist()),
        axes=axes_of_all,
        explained_variance=model.strength,
        positions=places.positions,
        group_of=group_of,
        group_sizes=tuple(np.bincount(group_of[group_of != NOBODY], minlength=number).tolist()),
        representative=representative(seen, group_of, number, seed) if number else (),
        agreement=agreement(seen, group_of, number, everything, light),
        supported=number > 0,
        checks=checks,
        spreads=places.spreads,
        certainty=certainty,
        bridging=bridges(seen, model.loadings[:, 0], group_of, number),
        cohorts=cohorts(seen, group_of, number, everything, light),
        model=model,
    )


Times = tuple[int, int, int, bool]  # shuffles, bootstraps, clouds, and whether straight
Parted = tuple[factors.Model, factors.Places, Array, Array, dict[str, Any]]


def _parted(seen: Conversation, seed: int, times: Times, tell: groups.Tell, alike: bool) -> Parted:
    """The model, where everybody stands, in which group and how surely; and why so.

    Groups are looked for again without people whose ballots are nearly the same, beyond chance: what is left of groups
    then is what other people make of them. Where most people's are, that is how people vote here.
    """
    made = _tried(seen, np.ones(seen.people, np.bool_), seed, times, tell)
    if not alike or made[-1]["why"] != SUPPORTED:
        return made
    odd = leaders_of_crowds(seen, made[2]) != NOBODY
    if not odd.any() or 2 * (odd & seen.taking_part).sum() >= seen.taking_part.sum():
        return made
    model, places, group_of, certainty, checks = _tried(seen, ~odd, seed, times, tell)
    crowds = int(odd.sum())
    says = f"{checks['says']}; groups were looked for without {crowds} people whose ballots are nearly the same"
    return model, places, group_of, certainty, checks | {"alike": crowds, "says": says}


def _tried(seen: Conversation, kept: Array, seed: int, times: Times, tell: groups.Tell) -> Parted:
    """The same, with the groups of those who are kept (booleans); the others are in the one whose middle is nearest."""
    tell("model", 0, 1)
    asked = seen if kept.all() else seen.of_people(kept)
    model = factors.fit(asked)
    places = factors.place(seen, model)
    theirs = places if asked is seen else factors.Places(places.positions[kept], places.spreads[kept])
    split, checks = _groups(asked, model, theirs, seed, times, tell)
    group_of, certainty = np.full(seen.people, NOBODY, np.int32), np.zeros(seen.people)
    if split is not None:
        inside, others = seen.taking_part & kept, seen.taking_part & ~kept
        group_of[inside], certainty[inside] = split.labels, split.certainty
        centers = [places.positions[group_of == group].mean(axis=0) for group in range(len(split.sizes))]
        group_of[others] = nearest(places.positions[others], np.array(centers))
    return model, places, group_of, certainty, checks


def _groups(
    seen: Conversation, model: factors.Model, places: factors.Places, seed: int, times: Times,
    tell: groups.Tell,
) -> tuple[groups.Split | None, dict[str, Any]]:  # fmt: skip
    """The groups that are supported, or None; and in plain words why."""
    shuffles, bootstraps, clouds, straight = times
    taking_part = int(seen.taking_part.sum())
    if taking_part < FEWEST_PEOPLE:
        many = "1 person" if taking_part == 1 else f"{taking_part} people"
        says = f"{many} voted often enough; groups need at least {FEWEST_PEOPLE}"
        return None, {"why": FEW, "says": says}
    if not bootstraps or groups.too_few(shuffles, groups.RARE):
        return None, {"why": UNCHECKED, "says": f"{_UNCHECKED}: too few shuffles or draws"}
    real = groups.reality(seen, seed, shuffles, tell)
    checks: dict[str, Any] = {"reality": real}
    if not real.is_structure:
        says = "shuffled votes look as structured as these: there are no groups to see"
        return None, checks | {"why": CHANCE, "says": says}
    tried = groups.splits(seen, model, places, seed, bootstraps, tell)
    checks["splits"] = {
        k: {"sizes": one.sizes, "silhouette": one.silhouette, "jaccards": one.jaccards, "stable": one.is_stable}
        for k, one in tried.items()
    }
    stable = [k for k, one in tried.items() if one.is_stable]
    if not stable:
        says = "people differ, but not in groups that stay the same when people are drawn again"
        return None, checks | {"why": UNSTABLE, "says": says}
    clear, beside = stable, ""
    if clouds:
        checks["cloud"] = cloud = groups.cloud(seen, model, stable, seed, clouds, tell, straight)
        if groups.too_few(clouds, one_cloud.CLEAR):
            return None, checks | {"why": UNCHECKED, "says": f"{_UNCHECKED}: too few invented crowds"}
        clear = [k for k in stable if cloud.is_clear(k)]
        if not clear:
            return None, checks | {"why": CONTINUUM, "says": _ONE_CLOUD}
    number = groups.chosen(tried, clear)
    if clouds:
        beside = f"; of {clouds} invented crowds without any gap, {cloud.reached(number)} were split as clearly"
    return tried[number], checks | {
        "why": SUPPORTED,
        "says": f"{number} groups stay the same when people are drawn again, and {real.shuffles} shuffles of the votes "
        f"looked as structured in {round(real.chance * (real.shuffles + 1)) - 1} cases{beside}",
    }


def bridges(seen: Conversation, stands: Array, group_of: Array, number: int) -> tuple[Bridge, ...]:
    """All statements, the most bridging first."""
    found = bridging(seen, stands)
    both, shares, least = liked_on_both_sides(seen, found)
    without = [_without(seen, group_of != group, found) for group in range(number)]
    order = np.lexsort((seen.statement_ids, -np.round(found.score, 6)))
    return tuple(
        Bridge(
            int(seen.statement_ids[j]),
            float(found.score[j]),
            bool(both[j]),
            tuple(shares[:, j].tolist()),
            int(least[j]),
            tuple(float(one[j]) for one in without),
        )
        for j in order.tolist()
    )


def _without(seen: Conversation, kept: Array, found: Bridging) -> Array:
    others = seen.of_people(kept)
    return bridging(others, found.stand, _AGAIN, found).score if others.cast else np.zeros(seen.statements)
