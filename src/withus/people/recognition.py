"""Which peer organisations are recognised: computed from mandates, declared funding and countersignatures."""

from collections.abc import Sequence
from dataclasses import dataclass

OUTSIDE = ""  # stands among those who vouch for a peer organisation that is not of this host


@dataclass(frozen=True)
class Claim:
    """What counts for one peer organisation: who vouched for any version of its mandate, and who for the newest."""

    code: str
    has_mandate: bool
    has_declared: bool
    vouched: frozenset[str]
    vouched_now: frozenset[str]


def recognised(claims: Sequence[Claim]) -> frozenset[str]:
    """Codes of those that rest on an outside countersignature, directly or through others that do.

    It is the least such set, so a circle of organisations that only vouch for one another is not in it; the first one
    of a host needs the word of one outside. Its newest mandate has to be vouched for; but whoever vouched for others
    keeps their recognition whole while her own new version waits for its countersignature.
    """
    rooted = {OUTSIDE}
    size = 0
    while size != len(rooted):
        size = len(rooted)
        rooted |= {one.code for one in claims if not missing(one, one.vouched, rooted)}
    return frozenset(one.code for one in claims if one.code in rooted and not missing(one, one.vouched_now, rooted))


def missing(claim: Claim, vouched: frozenset[str], trusted: set[str] | frozenset[str]) -> list[str]:
    """Which of mandate, funding and countersignature an organisation lacks, if these vouch and those are trusted."""
    has = {
        "mandate": claim.has_mandate,
        "funding": claim.has_declared,
        "countersignature": bool((vouched - {claim.code}) & trusted),
    }
    return [name for name, is_there in has.items() if not is_there]
