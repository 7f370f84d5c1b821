"""Which peer organisations are recognised: computed from mandates, declared funding and countersignatures."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """What counts for one peer organisation; `vouched_by` are codes, `is_vouched_outside` means an outside one signed."""

    code: str
    has_mandate: bool
    has_declared_funding: bool
    vouched_by: frozenset[str]
    is_vouched_outside: bool

    def missing(self, recognised: frozenset[str]) -> list[str]:
        """What is missing for recognition: mandate, funding, countersignature."""
        has = {
            "mandate": self.has_mandate,
            "funding": self.has_declared_funding,
            "countersignature": self.is_vouched_outside or bool(self.vouched_by & recognised),
        }
        return [name for name, is_there in has.items() if not is_there]


def recognised(standings: Iterable[Standing]) -> frozenset[str]:
    """The least set that rests on outside countersignatures: a circle that only vouches for itself is not in it.

    The first organisation of a host therefore needs the word of one outside, given where anybody can look it up.
    """
    rows = list(standings)
    found: frozenset[str] = frozenset()
    while True:
        grown = frozenset(row.code for row in rows if not row.missing(found))
        if grown == found:
            return found
        found = grown
