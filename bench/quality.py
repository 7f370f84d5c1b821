"""How good the opinion map is: known groups, held-out votes, real conversations, shuffled votes (docs/methods).

WITHUS_BENCH_OPINION=full takes ten seeds and a hundred shuffles of each conversation; without it, two and five.
"""

import os
from collections.abc import Iterator

import numpy as np
from tests.compute.opinion_data import (
    CONVERSATIONS,
    adjusted_rand,
    asked,
    asked_again,
    conversation,
    held_out,
    known_groups,
    opposites,
    two_camps,
)

from bench.results import Row
from withus.compute.opinion_map import Votes, opinion_map, polis_map

IS_FULL = os.environ.get("WITHUS_BENCH_OPINION") == "full"
SEEDS, SHUFFLES, CROWDS = (10, 100, 50) if IS_FULL else (2, 5, 5)
ONE_CLOUD = ("round", "disc", "heavy tails", "line", "even line")
FORMULAS = "Polis' formulas"


def quality_figures() -> Iterator[Row]:
    """All rows, a line for each seed or conversation."""
    for seed in range(SEEDS):
        yield _recovered(seed)
    for name in CONVERSATIONS:
        votes, moderated = conversation(name)
        votes = votes.on_statements(~votes.columns_of(moderated))
        areas = held_out(votes, range(10))
        peers = {"compatible": "compatible map", "not stretched": "its positions not stretched", "mean": "means alone"}
        for key, peer in peers.items():
            what = f"opinion: held-out votes of {name}, area under the curve"
            yield Row.of(what, [areas["withus"]], "", peer, areas[key])
        yield from _real(name, votes)
        shown = sum(opinion_map(votes.dealt(seed, 0), seed=seed).supported for seed in range(1, SHUFFLES + 1))
        yield Row.of(f"opinion: shuffles of {name} with groups", [shown], f"of {SHUFFLES}", "goal", SHUFFLES / 20)
    yield from _crowds()


def _crowds() -> Iterator[Row]:
    """How often groups are shown of people who are one cloud, with and without the check, and of three groups."""
    real = [conversation(name) for name in CONVERSATIONS[1:]]
    ballots = [votes.on_statements(~votes.columns_of(moderated)) for votes, moderated in real]
    for kind in (*ONE_CLOUD, "groups"):
        made = {
            "150 people, 40 statements": [asked(kind, seed) for seed in range(CROWDS)],
            "600 people, 80 statements": [asked(kind, seed, 600, 80, 30) for seed in range(CROWDS)],
            "real ballots": [asked_again(votes, kind, seed) for votes in ballots for seed in range(CROWDS // 5)],
        }
        for size, crowds in made.items():
            shown = sum(opinion_map(votes).supported for votes in crowds)
            before = sum(opinion_map(votes, clouds=0).supported for votes in crowds)
            what = f"opinion: conversations with groups, {kind}, {size}"
            yield Row.of(what, [shown], f"of {len(crowds)}", "without asking whether they are one cloud", before)
    yield from _camps()


def _camps() -> Iterator[Row]:
    """How often groups are shown of people in two camps, one smaller than the other."""
    made = {
        f"400 people, {share:.0%} of them {apart} standard deviations away": [
            two_camps(share, apart, seed) for seed in range(CROWDS)
        ]
        for share, apart in ((0.5, 4), (0.3, 4), (0.3, 5), (0.2, 4), (0.2, 5))
    }
    for sizes in ((170, 30), (370, 30)):
        what = f"{sizes[0]} people and {sizes[1]} on opposite sides of 14 statements"
        made[what] = [opposites(sizes, 0.15, seed) for seed in range(CROWDS)]
    for what, camps in made.items():
        shown = sum(opinion_map(votes).supported for votes in camps)
        yield Row.of(f"opinion: conversations with groups, {what}", [shown], f"of {len(camps)}", "camps", len(camps))


def _recovered(seed: int) -> Row:
    votes, truth = known_groups(seed)
    made, compatible = opinion_map(votes), polis_map(votes)
    one, other = (adjusted_rand(each.group_of, truth) for each in (made, compatible))
    sizes = f"{len(made.group_sizes)} groups", f"{FORMULAS}: {len(compatible.group_sizes)} groups"
    return Row.of(f"opinion: known groups, adjusted Rand index, seed {seed}, {sizes[0]}", [one], "", sizes[1], other)


def _real(name: str, votes: Votes) -> Iterator[Row]:
    """What is shown of a real conversation, and how sure that is."""
    made, compatible = opinion_map(votes), polis_map(*conversation(name))
    sizes = ", ".join(map(str, made.group_sizes)) or made.checks["says"]
    theirs = ", ".join(map(str, compatible.group_sizes))
    if "reality" in made.checks:
        real = made.checks["reality"]
        beside = real.strength / real.shuffled_median
        yield Row.of(f"opinion: {name} (groups: {sizes}; {FORMULAS}: {theirs}), first axis", [beside], "× shuffled")
    if "cloud" in made.checks:
        cloud = made.checks["cloud"]
        for k, clear in cloud.gaps.items():
            what = f"opinion: {name}, gap between {k} groups (chance {cloud.chances[k]:.2f})"
            yield Row.of(what, [clear], "", "one cloud, median", cloud.usual[k])
    if made.supported:
        least = min(made.checks["splits"][len(made.group_sizes)]["jaccards"])
        unsure = float(np.mean(made.certainty[votes.taking_part] < 0.8))
        yield Row.of(f"opinion: {name}, least stable group", [least], "Jaccard")
        yield Row.of(f"opinion: {name}, people whose group holds in less than 80 % of draws", [100 * unsure], "%")
