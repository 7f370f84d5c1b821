"""`withus opinion`: the map of any votes in Polis' way, into a folder, without server or database."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from withus.compute.opinion_map import (
    BadVotes,
    Comments,
    Conversation,
    Map,
    opinion_map,
    polis_map,
    read_comments,
    read_votes,
)  # fmt: skip
from withus.compute.opinion_map.drawing import drawing
from withus.compute.opinion_map.groups import CLOUDS
from withus.compute.opinion_map.polis import MOST_GROUPS
from withus.compute.opinion_map.seal import (
    FORM,
    HEAVY_ALONE,
    UNPARTED,
    confirmation,
    differences,
    is_as_said,
    is_seal,
    not_checked,
    not_compared,
    other_figures,
    sealed,
)  # fmt: skip
from withus.compute.opinion_map.tables import tables
from withus.core.errors import Refused

PATIENCE = 2.0  # seconds after which the work is long, and between two lines about it
_DOES = {
    "reading": "the votes are read",
    "model": "finding the axes",
    "shuffles": "shuffling the votes",
    "bootstraps": "drawing people again",
    "clouds": "inventing people without groups",
    "lists": "making the lists",
    "writing": "writing the files",
}


class Progress:
    """Says on standard error how far long work is; says nothing of short work."""

    def __init__(self) -> None:
        self.said = time.monotonic()

    def __call__(self, part: str, done: int, of: int) -> None:
        """Hears of each step, and speaks every few seconds."""
        if time.monotonic() - self.said >= PATIENCE:
            self.said = time.monotonic()
            count = f": {done} of {of}" if of > 1 else ""
            print(f"withus: {_DOES[part]}{count} …", file=sys.stderr, flush=True)


def make(options: argparse.Namespace) -> str:
    """Makes the map, writes it, and says where; and that it is the sealed one, if there is one to compare it with.

    Raises Refused (also if it is not the sealed one), OSError.
    """
    _refuse_unwritable(options.out)
    try:
        kept = _kept(options.check) if options.check else {}
        before = _seal(options.check, kept) if options.check else {}
        if before.get("renumbered") and not options.previous:
            raise BadVotes(f"{options.check}: its groups kept the numbers of an earlier map; give that with --previous")
        if options.scheduler:
            cluster = import_module("withus.running.cluster")  # seldom wanted, and slow to load
            with cluster.workers(options.scheduler) as hands:
                seal = _made(options, cluster.read(hands, *options.files), before, Progress())
        else:
            seal = _made(options, read_votes(*options.files), before, Progress())
    except BadVotes as problem:
        raise Refused(str(problem)) from problem
    where = str(options.out / "result.json")
    if not before:
        return where
    now, is_whole = json.loads(Path(where).read_bytes()), kept is not before
    wrong, left_out = differences(before, seal), []
    if is_whole:  # so too what it says beside its seal
        wrong, left_out = wrong + other_figures(kept, now), not_compared(before, now)
    if wrong:
        raise Refused(f"this is not the sealed map: {'; '.join(wrong)}. The recount is in {options.out}")
    return f"{where}\n{confirmation(seal, left_out, not_checked(before, now, is_whole=is_whole))}"


def _refuse_unwritable(out: Path) -> None:
    """Before any work: whether the folder is one, or can be made where it is to lie."""
    nearest = next(one for one in (out, *out.absolute().parents) if one.exists())
    if not nearest.is_dir():
        raise Refused(f"{nearest} is a file; give a folder with --out")
    try:
        tempfile.TemporaryDirectory(dir=nearest).cleanup()
    except OSError:
        raise Refused(f"nothing may be written in {nearest}; give another folder with --out") from None


def _made(
    options: argparse.Namespace, votes: Conversation, before: Mapping[str, Any], tell: Progress
) -> dict[str, Any]:
    """Writes the map; its seal."""
    tell("reading", 1, 1)
    if options.comments:
        known = read_comments(options.comments)
    else:
        known = Comments({}, frozenset(before.get("moderated", ())), frozenset(before.get("meta", ())))
    seed = before.get("seed", 0) if options.seed is None else options.seed
    form = before.get("format", FORM)
    made: Map
    previous = _groups(options.previous) if options.previous else None
    if (options.method or before.get("method")) == "polis":
        made = polis_map(votes, known.moderated, known.meta, light=form == FORM)
    else:
        is_new, clouds = form == FORM, 0 if form == UNPARTED else CLOUDS
        checks = {"clouds": clouds, "alike": is_new or form == HEAVY_ALONE, "light": is_new, "straight": not is_new}
        made = opinion_map(votes, known.moderated, seed, previous=previous, tell=tell, **checks)
    _remark(votes, known, made)
    tell("writing", 0, 1)
    seal = sealed(votes, made, before.get("salt", ""), form) | ({"renumbered": True} if previous else {})
    if "statements" in before:  # as in the seals of the map page
        seal["statements"] = votes.statement_ids.tolist()
    _write(options.out, made, known, seal)
    return seal


def _groups(path: Path) -> dict[int, int]:
    """Who was in which group of an earlier result.json."""
    found = _kept(path)
    try:
        return {int(person): range(MOST_GROUPS).index(group) for person, group in found["groups"].items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BadVotes(f"{path}: this is no map with groups; give the result.json of the map before") from None


def _remark(votes: Conversation, known: Comments, made: Map) -> None:
    """Says on standard error, a line each, what the reader of the map should know first."""
    unseen = len(set(known.texts) - set(votes.statement_ids.tolist()))
    if unseen:
        print(f"withus: nobody voted on {unseen} of the statements in the comments; they are left out", file=sys.stderr)
    if not made.supported:
        print(f"withus: no groups are shown: {made.checks['says']}", file=sys.stderr)


def _kept(path: Path) -> Any:
    """What lies in a seal.json or result.json."""
    try:
        return json.loads(path.read_bytes())
    except (UnicodeDecodeError, ValueError, RecursionError) as problem:
        raise BadVotes(f"{path}: this is not JSON; give the seal.json or result.json of the map to check") from problem


def _seal(path: Path, kept: Any) -> dict[str, Any]:
    """A seal, alone or within a result.json."""
    value = kept.get("seal", kept) if isinstance(kept, dict) else kept
    if not is_seal(value):
        raise BadVotes(f"{path}: this is no sealed map; give the seal.json or result.json of the map to check")
    if not is_as_said(value):
        raise BadVotes(
            f"{path}: this is not the sealed map: its method, seed or statements left out are not those it was "
            "sealed with"
        )
    seal: dict[str, Any] = value
    return seal


def _write(out: Path, made: Map, known: Comments, seal: dict[str, Any]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    files = {
        "result.json": made.text(seal=seal) + b"\n",
        "seal.json": json.dumps(seal, indent=1).encode() + b"\n",
        "map.svg": drawing(made, known.texts).encode(),
        **tables(made, known.texts),
    }
    for name, data in files.items():
        (out / name).write_bytes(data)
