"""What rests on a finding: those who build on findings say here how that is looked up."""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Ask:
    """Something that was said to be done: those who spoke before `said_on` can say at the address whether it is so."""

    address: str
    words: str
    language: str
    said_on: datetime.date


@dataclass(frozen=True)
class Link:
    """One thing that rests on a finding, as it stands today, for those who spoke.

    `to` has to answer; `state` says in words where it stands, with the `kind` of its badge and its `day`. It is
    closed, and nothing more is to come, since `closed_on`. `decision` is the code of the last answer, if there is one,
    which came on `decided_on`.
    """

    code: str
    words: str
    language: str
    address: str
    to: str
    sent_on: datetime.date | None
    state: str | Promise
    kind: str
    day: datetime.date | None
    closed_on: datetime.date | None = None
    decision: str = ""
    decided_on: datetime.date | None = None
    asks: tuple[Ask, ...] = ()


Lookup = Callable[[Collection[str]], Iterable[tuple[str, Link]]]
_LOOKUPS: list[Lookup] = []


def rests(lookup: Lookup) -> None:
    """Says how to look up what rests on findings, by their codes: pairs of a finding's code and what rests on it."""
    _LOOKUPS.append(lookup)


def public_links(findings: Collection[str]) -> Mapping[str, list[Link]]:
    """What rests on each of these findings."""
    found: dict[str, list[Link]] = {code: [] for code in findings}
    for lookup in _LOOKUPS if findings else ():
        for code, link in lookup(findings):
            found[code].append(link)
    return found
