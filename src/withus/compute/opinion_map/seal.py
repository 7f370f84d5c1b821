"""What is kept of a map so that it can be recounted: hashes of whole numbers and lists, floats to six digits."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from withus.compute.opinion_map.compiled import Array
from withus.compute.opinion_map.conversation import Conversation
from withus.compute.opinion_map.polis import PolisMap
from withus.compute.opinion_map.results import DIGITS, Map

FORM = "withus-opinion/4"
# A small group never counted in a floor, whatever it said; gaps were looked for on straight lines alone.
HEAVY_ALONE = "withus-opinion/3"
WITH_ALIKE, UNPARTED = "withus-opinion/2", "withus-opinion/1"  # groups could rest on ballots that are nearly the same;
# and, before, it was not asked whether people are one cloud
COUNTED_ANEW = ("bridging", "cohorts")  # parts of a result that these two forms counted in another way
_SENTENCES = ("says", "reality")  # among the checks, if they are text: worded anew from form to form
TOLERANCE = 2e-6
MOST_NAMED = 5
_SAYS = {
    "moderated": "which statements are left out differs",
    "meta": "which statements are about the talk differs",
    "tallies": "the counts of the statements differ",
    "groups": "who is in which group differs",
    "lists": "the lists differ",
    "supported": "whether groups are supported differs",
    "explained_variance": f"what the axes explain differs by more than {TOLERANCE:f}",
    "axes": f"the axes differ by more than {TOLERANCE:f}",
}
_ELSEWHERE = {*_SAYS, "format", "salt", "said", "method", "seed", "ballots", "votes"}  # used, or in sentences
_TAKEN = {"meta": "which statements are about the talk (meta)", "seed": "the seed"}


def tallied(votes: Conversation) -> Array:
    """Of each statement its id, and how many agree, disagree and pass."""
    agree, disagree, voted = votes.tallies.T
    return np.stack([votes.statement_ids, agree, disagree, voted - agree - disagree], axis=1)


def sealed(votes: Conversation, made: Map, salt: str = "", form: str = FORM) -> dict[str, Any]:
    """The seal of a map; `form` says by which checks it was made. It holds no ballot, and nobody's position.

    Every hash begins with the salt: where the hashes are for all and the salt is for those who have the ballots, nobody
    else can guess what was hashed, however few counts are unknown to her.
    """
    lists = {
        "agreement": [one.statement for one in made.agreement],
        "representative": [[[one.statement, one.direction] for one in group] for group in made.representative],
    }
    if form in {FORM, HEAVY_ALONE}:
        lists["bridging"] = [one.statement for one in getattr(made, "bridging", ())]
    told = {
        "method": made.method,
        "seed": made.seed,
        "moderated": list(made.moderated),
        **({"meta": list(made.meta)} if isinstance(made, PolisMap) else {}),
        "salt": salt,
    }
    return {
        "format": form,
        **told,
        **({"said": _said(told)} if form == FORM else {}),
        "ballots": votes.people,
        "votes": votes.cast,
        "tallies": _hash(salt, tallied(votes).astype("<i8").tobytes()),
        "groups": _hash(salt, np.stack([made.participant_ids, made.group_of], axis=1).astype("<i8").tobytes()),
        "lists": _hash(salt, json.dumps(lists, separators=(",", ":"), sort_keys=True).encode()),
        "supported": made.supported,
        "explained_variance": np.round(made.explained_variance, DIGITS).tolist(),
        "axes": np.round(made.axes, DIGITS).tolist(),
    }


def is_seal(value: object) -> bool:
    """Whether this may be compared with: a seal of a known form."""
    if not isinstance(value, dict) or value.get("format") not in (FORM, HEAVY_ALONE, WITH_ALIKE, UNPARTED):
        return False
    if value.get("method") not in ("withus", "polis") or not _is_text(value.get("salt")):
        return False
    moderated, meta = value.get("moderated"), value.get("meta", [])
    if not (isinstance(moderated, list) and isinstance(meta, list)):
        return False
    counts = [value.get(name) for name in ("seed", "ballots", "votes")]
    return all(type(one) is int and 0 <= one < 2**63 for one in [*moderated, *meta, *counts])


def is_as_said(seal: Mapping[str, Any]) -> bool:
    """Whether what a recount only takes from this seal is what was sealed; older forms cannot tell."""
    return seal["format"] != FORM or seal.get("said") == _said(seal)


def _said(seal: Mapping[str, Any]) -> str:
    told = [seal["method"], seal["seed"], seal["moderated"], seal.get("meta", [])]
    return _hash(seal["salt"], json.dumps(told, separators=(",", ":")).encode())


def _is_text(value: object) -> bool:
    """JSON can hold halves of characters, which are no text that could be hashed or written."""
    return isinstance(value, str) and value == value.encode(errors="ignore").decode()


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """In plain words what a recount found otherwise; empty if it is the same map."""
    found = [
        f"it was made with {what} {before[what]}, and counted with {now[what]}"
        for what in ("method", "seed")
        if before[what] != now[what]
    ]
    for what in ("ballot", "vote"):
        one, other = before[f"{what}s"], now[f"{what}s"]
        if one != other:
            gone = _many(abs(one - other), what)
            found.append(f"the recount differs by {gone} (sealed {one}, counted {other})")
    held, counted = {"meta": [], **before}, {"meta": [], **now}  # only Polis' maps have it, and not their oldest seals
    found += [says for key, says in _SAYS.items() if any(unlike(held.get(key), counted.get(key), key))]
    more = before.keys() - _ELSEWHERE
    return found + named(unlike({key: before[key] for key in more}, {key: now.get(key) for key in more}, "seal"))


def other_figures(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """In plain words which figures of a whole result are others than in the recount, beside those of its seal."""
    gone = {"seal", *not_compared(before["seal"], now)}
    return named(unlike(_less(before, gone), _less(now, gone)))


def _less(result: Mapping[str, Any], gone: Collection[str]) -> dict[str, Any]:
    """The result without these parts; of the checks only sentences go."""
    left = {name: value for name, value in result.items() if name not in gone}
    if isinstance(checks := result.get("checks"), dict):
        left["checks"] = {
            key: value for key, value in checks.items() if f"checks.{key}" not in gone or not isinstance(value, str)
        }
    return left


def not_compared(seal: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The parts of a whole result that its form counted, or said, in another way: no recount can be compared."""
    if seal["format"] == FORM:
        return []
    counted = [name for name in COUNTED_ANEW if name in now and seal["format"] in {WITH_ALIKE, UNPARTED}]
    return counted + [f"checks.{key}" for key in _SENTENCES if isinstance(now["checks"].get(key), str)]


def not_checked(seal: Mapping[str, Any], now: Mapping[str, Any], *, is_whole: bool) -> list[str]:
    """What a recount took from a seal of an older form though nothing in the seal, or the whole result, tells it.

    Of a whole result the priorities of statements tell what is meta, and the shuffles of the votes tell the seed.
    """
    if seal["format"] == FORM:
        return []
    if seal["method"] == "polis":
        return [] if is_whole else ["meta"]
    return [] if is_whole and "reality" in now["checks"] else ["seed"]


def unlike(one: Any, other: Any, place: str = "") -> Iterator[str]:
    """The places at which two results differ, numbers by more than TOLERANCE."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            yield from unlike(one.get(key), other.get(key), f"{place}.{key}".lstrip("."))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, pair in enumerate(zip(one, other, strict=True)):
            yield from unlike(*pair, f"{place}[{number}]")
    elif type(one) in (int, float) and type(other) in (int, float):
        if one != other and not _are_near(one, other):
            yield place
    elif one != other:
        yield place


def _are_near(one: float, other: float) -> bool:
    try:
        return abs(one - other) <= TOLERANCE
    except OverflowError:  # a whole number beyond all floats
        return False


def named(places: Iterator[str]) -> list[str]:
    """A sentence about the places that differ, the first few by name; none if there are none."""
    found = list(places)
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return [f"these figures differ: {', '.join(found[:MOST_NAMED])}{more}"] if found else []


def confirmation(now: Mapping[str, Any], left_out: Sequence[str] = (), unsure: Sequence[str] = ()) -> str:
    """What was recounted without a difference, in plain words; what was not compared, and what could not be checked."""
    listed = " and ".join(filter(None, [", ".join(left_out[:-1]), *left_out[-1:]]))
    but = f", but for {listed}, not compared as its form counted or said that in another way"
    taken = f"; taken from the seal, and could not be checked: {' and '.join(_TAKEN[name] for name in unsure)}"
    return (
        f"this is the sealed map{but if left_out else ''}: {_many(now['ballots'], 'ballot')} with "
        f"{_many(now['votes'], 'vote')} were counted again; the counts of the statements, who is in which group and "
        f"the lists are equal, and the axes differ by {TOLERANCE:f} at most"
        f"{taken if unsure else ''}"
    )


def _many(number: int, what: str) -> str:
    """The command line speaks English alone, without the product's catalogues."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _hash(salt: str, data: bytes) -> str:
    return hashlib.sha256(salt.encode() + data).hexdigest()
