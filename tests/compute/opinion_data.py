"""The conversations and golden values that the tests of the opinion map share."""

import gzip
import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from withus.compute.opinion_map import Votes, factors, one_cloud, polis_map, read_comments, read_votes

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
    return dict(json.loads(gzip.decompress((GOLDEN / f"{name}.{tool}.json.gz").read_bytes())))


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


def held_out(votes: Votes, seeds: Iterable[int]) -> dict[str, float]:
    """How well agree is told from disagree among hidden votes: mean areas.

    By our map, by the compatible one as it stands and with its positions not stretched, and by the statement's mean.
    """
    areas: dict[str, list[float]] = {"withus": [], "compatible": [], "not stretched": [], "mean": []}
    for seed in seeds:
        held = np.random.default_rng(seed).random(len(votes.values)) < 0.1
        known = votes.where(~held)
        asked = held & (votes.values != 0)
        people, statements, agrees = votes.rows[asked], votes.columns[asked], votes.values[asked] > 0
        model = factors.fit(known)
        compatible = polis_map(known)
        mean = compatible.center[statements]
        away = (compatible.axes.T[statements] * compatible.positions[people]).sum(1)
        stretch = np.sqrt(known.statements / np.maximum(known.lengths, 1))[people]
        guesses = {
            "withus": factors.expected(model, factors.place(known, model), people, statements),
            "compatible": mean + away, "not stretched": mean + away / stretch, "mean": mean,
        }  # fmt: skip
        for name, guess in guesses.items():
            areas[name].append(area_under_curve(guess, agrees))
    return {name: float(np.mean(found)) for name, found in areas.items()}


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


def crowd(kind: str, dice: np.random.Generator, people: int) -> Any:
    """Where people stand who are one cloud (of this kind), or `groups` of them three standard deviations apart."""
    round_one = dice.normal(size=(people, 2))
    evenly = dice.uniform(-np.sqrt(3), np.sqrt(3), people)
    turn, away = dice.uniform(0, 2 * np.pi, people), 2 * np.sqrt(dice.uniform(size=people))
    tail = np.sqrt(1 / dice.chisquare(3, people))[:, None]
    corners = np.array([[1, 0], [-0.5, 0.866], [-0.5, -0.866]])[dice.integers(0, 3, people)]
    return {
        "round": round_one,
        "disc": np.column_stack([away * np.cos(turn), away * np.sin(turn)]),
        "heavy tails": round_one * tail,
        "line": round_one * [1, 0],
        "even line": np.column_stack([evenly, 0 * evenly]),
        "groups": (round_one + 3 * corners) / 2.3,
    }[kind]


def asked(kind: str, seed: int, people: int = 150, statements: int = 40, each: int = 20) -> Votes:
    """Votes of such people, about so many each, on statements that were drawn for them."""
    dice = np.random.default_rng(seed)
    stands = crowd(kind, dice, people)
    slopes, leaning = dice.normal(0, 1, (statements, 2)), dice.normal(0.2, 0.7, statements)
    lengths = np.clip(dice.gamma(2, each / 2, people).astype(int), 3, statements)
    rows = np.repeat(np.arange(people), lengths)
    columns = np.concatenate([dice.choice(statements, length, replace=False) for length in lengths.tolist()])
    score = leaning[columns] + (slopes[columns] * stands[rows]).sum(axis=1) + dice.normal(size=len(rows))
    return Votes.of(rows, columns, np.where(abs(score) < 0.25, 0, np.sign(score)).astype(int))


def near_ones(kind: str, seed: int, hole: float = 0.0) -> Votes:
    """300 people on a line (`ring`: on a circle) who agree with what is near them, each asked 40 of 60 statements.

    With a hole, nobody stands on so much of the line in its middle: two camps.
    """
    dice = np.random.default_rng(1000 + seed)
    stands = dice.normal(0.5, 0.22, 300) if kind == "normal" else dice.uniform(0, 1 - hole, 300)
    stands[stands > (1 - hole) / 2] += hole
    about = dice.uniform(0, 1, 60) if kind == "ring" else dice.uniform(-0.1, 1.1, 60)
    seen = dice.random((300, 60)).argsort(axis=1) < 40
    away = stands[:, None] - about
    bell = 0.1 + 0.75 * np.exp(-0.5 * (away / 0.2) ** 2)
    sided = 1 / (1 + np.exp(-8 * away * dice.choice([1, -1], 60)))
    agrees = {
        "sharp": np.where(abs(away) < 0.22, 0.92, 0.08), "wide": np.where(abs(away) < 0.35, 0.92, 0.08),
        "soft": bell, "normal": bell, "half": np.where(np.arange(60) % 2, sided, bell),
        "ring": 1 / (1 + np.exp(-3 * np.cos(2 * np.pi * away))),
    }[kind]  # fmt: skip
    return votes_of(np.where(seen, np.where(dice.random((300, 60)) < agrees, 1, -1), 9))


def asked_again(votes: Votes, kind: str, seed: int) -> Votes:
    """The ballots of a real conversation, with votes of people who are one cloud."""
    dice = np.random.default_rng(seed)
    low, high, *slopes, chance = one_cloud.leanings(votes, factors.fit(votes)).T
    stands = crowd(kind, dice, votes.people)
    j, score = votes.columns, dice.normal(size=len(votes.values)) * chance[votes.columns]
    score += sum(slope[j] * stands[votes.rows, axis] for axis, slope in enumerate(slopes))
    return replace(votes, values=(score > high[j]).astype(np.int8) - (score < low[j]).astype(np.int8))


def two_camps(share: float, apart: float, seed: int, people: int = 400, statements: int = 80, each: int = 60) -> Votes:
    """People of two camps, one with this share, so many standard deviations apart; each votes on so many statements."""
    dice = np.random.default_rng(seed)
    stands = dice.normal(size=(people, 2)) / 2
    stands[: round(people * share), 0] += apart / 2
    stands -= stands.mean(axis=0)
    slopes, leaning = dice.normal(0, 1, (statements, 2)), dice.normal(0.2, 0.7, statements)
    score = leaning + stands @ slopes.T + dice.normal(size=(people, statements))
    seen = dice.random((people, statements)).argsort(axis=1) < each
    return votes_of(np.where(seen, np.where(abs(score) < 0.25, 0, np.sign(score)), 9).astype(int))


def opposites(sizes: tuple[int, int], noise: float, seed: int) -> Votes:
    """Two camps that agree on six statements and are on opposite sides of 14; each says the other with this chance."""
    dice = np.random.default_rng(seed)
    side = np.repeat([1, -1], sizes)[:, None]
    sides = np.where(np.arange(20) < 6, 1, side * dice.choice([1, -1], 20))
    said = np.where(dice.random(sides.shape) < noise, -sides, sides)
    return votes_of(np.where(dice.random(sides.shape) < 0.1, 0, said))
