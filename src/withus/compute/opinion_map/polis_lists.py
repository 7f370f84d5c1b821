"""Polis' own statistics and lists, for given groups: the formulas of its production code."""

from dataclasses import dataclass

import numpy as np

from withus.compute.opinion_map.agreement import Counts
from withus.compute.opinion_map.compiled import Array

Z = 1.2816  # one-sided 90 %, as Polis rounds it
LONGEST = 5
META_PRIORITY = 49.0
Ratios = tuple[Array, Array, Array, Array]  # p, its z, repness, its z; each groups × statements


@dataclass(frozen=True)
class PolisStatement:
    """A statement that stands for a group, or (then without repness) for everybody, with Polis' figures."""

    statement: int
    direction: str
    successes: int
    trials: int
    p: float
    p_test: float
    repness: float | None = None
    repness_test: float | None = None
    is_best_agree: bool = False


def share(successes: Array, trials: Array) -> Array:
    """With one vote more on either side."""
    return np.asarray((successes + 1) / (trials + 2))


def one_share_test(successes: Array, trials: Array) -> Array:
    """How far a share is from one half, in standard errors."""
    return np.asarray(2 * np.sqrt(trials + 1) * ((successes + 1) / (trials + 1) - 0.5))


def two_share_test(inside: Array, trials: Array, outside: Array, other_trials: Array) -> Array:
    """How far two shares are apart, in standard errors."""
    one, other = (inside + 1) / (trials + 1), (outside + 1) / (other_trials + 1)
    both = (inside + outside + 2) / (trials + other_trials + 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        test = (one - other) / np.sqrt(both * (1 - both) * (1 / (trials + 1) + 1 / (other_trials + 1)))
    return np.where(both >= 1, 0.0, test)


def _ratios(successes: Array, trials: Array) -> Ratios:
    others, other_trials = successes.sum(axis=0) - successes, trials.sum(axis=0) - trials
    p = share(successes, trials)
    return (
        p,
        one_share_test(successes, trials),
        p / share(others, other_trials),
        two_share_test(successes, trials, others, other_trials),
    )


def representative(counts: Counts, statement_ids: Array, shown: Array) -> tuple[tuple[PolisStatement, ...], ...]:
    """Up to five statements for each group, among those shown (booleans)."""
    agree, disagree = _ratios(counts.agree, counts.voted), _ratios(counts.disagree, counts.voted)
    return tuple(_of_group(group, counts, agree, disagree, statement_ids, shown) for group in range(len(counts.voted)))


def _of_group(
    group: int, counts: Counts, agree: Ratios, disagree: Ratios, ids: Array, shown: Array
) -> tuple[PolisStatement, ...]:
    p, p_test, repness, test = (table[group] for table in agree)
    against = [table[group] for table in disagree]
    is_agree = test > against[3]
    metric = np.where(is_agree, repness * test * p * p_test, against[2] * against[3] * against[0] * against[1])
    enough = shown & (((test > Z) & (p_test > Z)) | ((against[3] > Z) & (against[1] > Z)))

    def made(j: int, direction: bool, *, is_best: bool = False) -> PolisStatement:
        table, successes = (agree, counts.agree) if direction else (disagree, counts.disagree)
        p, p_test, repness, repness_test = (float(one[group, j]) for one in table)
        return PolisStatement(
            int(ids[j]), "agree" if direction else "disagree", int(successes[group, j]), int(counts.voted[group, j]),
            p, p_test, repness, repness_test, is_best,
        )  # fmt: skip

    voted = counts.agree[group] + counts.disagree[group] > 0
    best_agree = _best_agree(np.flatnonzero(shown & voted), p, p_test, repness, test)
    best = [] if best_agree is None else [made(best_agree, True, is_best=True)]
    if not enough.any():
        if best or not shown.any():
            return tuple(best)
        largest = int(np.argmax(np.where(shown, np.maximum(test, against[3]), -np.inf)))
        return (made(largest, bool(is_agree[largest])),)
    ranked = np.flatnonzero(enough)
    ranked = ranked[np.argsort(-metric[ranked], kind="stable")]
    found = best + [made(j, bool(is_agree[j])) for j in ranked.tolist() if j != best_agree]
    return tuple(sorted(found[:LONGEST], key=lambda one: one.direction != "agree"))


def _best_agree(candidates: Array, p: Array, p_test: Array, repness: Array, test: Array) -> int | None:
    """The statement that Polis calls best-agree: a running best, in the order of statements."""
    best: int | None = None
    for j in candidates.tolist():
        if best is None:
            is_better = bool(p_test[j] > Z or (repness[j] > 1 and p[j] > 0.5))
        elif repness[best] > 1:
            is_better = bool(
                repness[j] * test[j] * p[j] * p_test[j] > repness[best] * test[best] * p[best] * p_test[best]
            )
        else:
            is_better = bool(p[j] * p_test[j] > p[best] * p_test[best])
        best = j if is_better else best
    return best


def consensus(everybody: Counts, statement_ids: Array, shown: Array) -> dict[str, tuple[PolisStatement, ...]]:
    """What all people together agree, or disagree, with: up to five each."""
    made = {}
    for direction, successes in (("agree", everybody.agree[0]), ("disagree", everybody.disagree[0])):
        trials = everybody.voted[0]
        p, test = share(successes, trials), one_share_test(successes, trials)
        found = np.flatnonzero(shown & (p > 0.5) & (test > Z))
        found = found[np.argsort(-(p * test)[found], kind="stable")][:LONGEST]
        made[direction] = tuple(
            PolisStatement(
                int(statement_ids[j]), direction, int(successes[j]), int(trials[j]), float(p[j]), float(test[j])
            )
            for j in found.tolist()
        )
    return made


def priorities(counts: Counts, extremity: Array, meta: Array) -> Array:
    """How often Polis would show each statement; `meta` (booleans) are fixed."""
    agree, disagree, voted = (table.sum(axis=0) for table in (counts.agree, counts.disagree, counts.voted))
    passed = voted - agree - disagree
    importance = (1 - share(passed, voted)) * (extremity + 1) * share(agree, voted)
    return np.where(meta, META_PRIORITY, (importance * (1 + 8 * 2.0 ** (-voted / 5))) ** 2)
