"""What those who took part are asked afterwards: those who build on a conversation say here how that is looked up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from withus.policy.facts import Actor
from withus.processes.models import Process


@dataclass(frozen=True)
class Ask:
    """Something that rests on a conversation, and where somebody who took part says whether it was done."""

    words: str
    language: str
    address: str


Lookup = Callable[[Actor, Process, bytes], Iterable[Ask]]
_LOOKUPS: list[Lookup] = []


def asks(lookup: Lookup) -> None:
    """Says how to look up what the owner of a participation key is asked about a conversation."""
    _LOOKUPS.append(lookup)


def asked(actor: Actor, process: Process, key: bytes) -> list[Ask]:
    """All that she is asked."""
    return [one for lookup in _LOOKUPS for one in lookup(actor, process, key)]
