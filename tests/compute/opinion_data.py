"""The conversations and golden values that the tests of the opinion map share."""

import gzip
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from withus.compute.opinion_map import Votes, factors, polis_map, read_comments, read_votes

GOLDEN = Path(__file__).parents[1] / "golden" / "opinion"
DEMO = Path(__file__).parents[2] / "src/withus/demo/data/polis"
CONVERSATIONS = (
    "london.youth.policing",
    "brexit-consensus",
    "scoop-hivemind.biodiversity",
    "football-concussions",
    "15-per-hour-seattle",
    "scoop-hivemind.affordable-housing",
)


@cache
def conversation(name: str) -> tuple[Votes, frozenset[int]]:
    """A real conversation: its votes, and the statements that were declined."""
    if (DEMO / name).exists():
        return read_votes(DEMO / name / "votes.csv"), read_comments(DEMO / name / "comments.csv").moderated
    return read_votes(GOLDEN / f"{name}.votes.csv.gz"), read_comments(GOLDEN / f"{name}.comments.csv").moderated


@cache
def golden(name: str, tool: str) -> dict[str, Any]:
    """What another program made of it."""
    return json.loads(gzip.decompress((GOLDEN / f"{name}.{tool}.json.gz").read_bytes()))


def votes_of(table: Any) -> Votes:
    """Votes from a table people × statements, in which 9 is no vote."""
    rows, columns = np.nonzero(np.asarray(table) != 9)
    return Votes.of(rows, columns, np.asarray(table)[rows, columns])


def adjusted_rand(one: Any, other: Any) -> float:
    """How far two groupings agree, 1 for wholly, about 0 for by chance (Hubert and Arabie 1985)."""
    one, other = (np.unique(labels, return_inverse=True)[1] for labels in (one, other))
    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one, other), 1)
    pairs, rows, columns, all_pairs = (
        float((n * (n - 1) / 2).sum()) for n in (table, table.sum(axis=1), table.sum(axis=0), np.array([len(one)]))
    )
    expected, most = rows * columns / all_pairs, (rows + columns) / 2
    return 1.0 if most == expected else (pairs - expected) / (most - expected)


def held_out(votes: Votes, seeds: Iterable[int]) -> tuple[float, float]:
    """How well our map, and the compatible one, tell agree from disagree among votes hidden from them: mean areas."""
    ours, theirs = [], []
    for seed in seeds:
        held = np.random.default_rng(seed).random(len(votes.values)) < 0.1
        known = votes.where(~held)
        asked = held & (votes.values != 0)
        people, statements, agrees = votes.rows[asked], votes.columns[asked], votes.values[asked] > 0
        model = factors.fit(known)
        ours.append(area_under_curve(factors.expected(model, factors.place(known, model), people, statements), agrees))
        compatible = polis_map(known)
        guess = compatible.center[statements] + (compatible.axes.T[statements] * compatible.positions[people]).sum(1)
        theirs.append(area_under_curve(guess, agrees))
    return float(np.mean(ours)), float(np.mean(theirs))


def area_under_curve(scores: Any, agrees: Any) -> float:
    """How often a vote that agrees is scored above one that does not, ties being half."""
    _, rank, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[rank]
    yes = int(agrees.sum())
    return float((ranks[agrees].sum() - yes * (yes + 1) / 2) / (yes * (len(scores) - yes)))


def known_groups(seed: int, people: int = 4000, statements: int = 500, each: int = 30) -> tuple[Votes, Any]:
    """Four groups that vote by four mixtures of two questions; some statements are shown far more often than others.

    Each person votes on 30 of 500 statements. Returns the votes and the true groups.
    """
    dice = np.random.default_rng(seed)
    truth = dice.integers(0, 4, people)
    corner = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]], float)[truth]
    loadings = dice.normal(0, 0.55, (statements, 2))
    leaning = dice.normal(0.3, 0.8, statements)
    shown = dice.pareto(1.2, statements) + 0.1
    rows, columns, values = [], [], []
    for person in range(people):
        seen = dice.choice(statements, each, replace=False, p=shown / shown.sum())
        score = leaning[seen] + loadings[seen] @ corner[person] + dice.normal(0, 1.2, each)
        rows += [person] * each
        columns += seen.tolist()
        values += np.where(abs(score) < 0.25, 0, np.sign(score)).astype(int).tolist()
    return Votes.of(rows, columns, values), truth
