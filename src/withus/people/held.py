"""Whether the roles that are held are those that the log says were taken and have not ended.

The log says of a role only whose it is, which, and until when, and never who has it: so roles are counted, not told
apart. Plain peers come and go without a record.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from withus.people.models import Membership
from withus.policy.facts import Role

Office = tuple[str, str]  # the organisation's code, none for the house; the role
_OF_THE_HOUSE = ("", Role.INSTANCE_STEWARD.value)
_FOR_GOOD = "9999"  # later than every day
_TAKEN = {"instance.set_up", "steward.joined", "role.taken"}
ROLES_ENDED = "roles_ended"  # a fact of any record about a body: how many of each role ended with it
_ENDED = {"steward.left", "role.ended", "role.ended_by_host"}


@dataclass
class Told:
    """What the log says of a role: each day on which somebody took it, until when, and how often it ended."""

    days: list[str] = field(default_factory=list)
    until: list[str] = field(default_factory=list)
    ended: int = 0

    @property
    def most(self) -> int:
        """How many can hold it, if nobody's term was prolonged."""
        return len(self.days) - self.ended

    @property
    def least(self) -> int:
        """How many must hold it: a card with a later term than somebody had may have been used by her."""
        first = min(self.until)
        return self.most - sum(until > first for until in self.until) if first < _FOR_GOOD else self.most


@dataclass
class Held:
    """The records of roles, fed one by one, held against the rows."""

    told: defaultdict[Office, Told] = field(default_factory=lambda: defaultdict(Told))

    def record(self, record: Mapping[str, Any]) -> None:
        """Takes the next record, of whichever type."""
        kind, facts = record.get("type"), record.get("facts", {})
        for role, number in dict(facts.get(ROLES_ENDED, {})).items():
            self.told[str(facts.get("body")), role].ended += number
        if kind not in _TAKEN | _ENDED:
            return
        is_of_the_house = not str(kind).startswith("role.")
        told = self.told[_OF_THE_HOUSE if is_of_the_house else (str(facts.get("organisation")), str(facts.get("role")))]
        told.ended += kind in _ENDED or bool(facts.get("handed_over"))
        if kind in _TAKEN:
            told.days.append(str(record.get("day")))
            told.until.append(str(facts.get("until", _FOR_GOOD)))

    def differences(self) -> Iterator[str]:
        """What the rows say otherwise than the records."""
        held: defaultdict[Office, list[Membership]] = defaultdict(list)
        for one in Membership.objects.exclude(role=Role.PEER).select_related("organisation", "account"):
            held[one.organisation_code, one.role].append(one)
        for office in sorted(self.told.keys() | held.keys()):
            yield from _differences(office, self.told[office], held[office])


def _differences(office: Office, told: Told, held: list[Membership]) -> Iterator[str]:
    name = f"{office[1]} of {office[0] or 'this house'}"
    if len(held) > told.most:
        yield f"{name}: {len(held)} hold this role, and the log says {told.most}"
    elif told.days and len(held) < told.least:
        yield f"{name}: {len(held)} hold this role, and the log says {told.least} at least"
    for one in held:
        if one.since.isoformat() not in told.days:
            yield f"{name}: nobody took it on {one.since.isoformat()}"
        if (one.until.isoformat() if one.until else _FOR_GOOD) not in told.until:
            yield f"{name}: nobody took it until {one.until.isoformat() if one.until else 'somebody ends it'}"
