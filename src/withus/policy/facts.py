"""Plain facts that the policy looks at: who acts, in which roles, and what a decision looks like."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for translation; this package knows no Django."""
    return sentence


class Role(StrEnum):
    """Every role there is. VISITOR and CONTRIBUTOR need no account."""

    VISITOR = "visitor"
    CONTRIBUTOR = "contributor"
    PEER = "peer"
    PEER_WORKER = "peer_worker"
    PEER_EDITOR = "peer_editor"
    ORG_STEWARD = "org_steward"
    BODY_SECRETARY = "body_secretary"
    DUTY_BEARER = "duty_bearer"
    REFERRAL_DESK = "referral_desk"
    READER = "reader"
    INSTANCE_STEWARD = "instance_steward"


ACCOUNT_ROLES = tuple(role for role in Role if role not in {Role.VISITOR, Role.CONTRIBUTOR})


class ActorKind(StrEnum):
    """What the public log says of who acted: a kind, never a person."""

    BODY = "body"
    PEERS = "peers"
    ORGANISATION = "organisation"
    SYSTEM = "system"


@dataclass(frozen=True)
class Standing:
    """One role, held for one organisation (its code; empty for the instance's own steward)."""

    role: Role
    organisation: str = ""
    is_of_peers: bool = field(default=False, compare=False)  # whether that organisation is a peer organisation


@dataclass(frozen=True)
class Actor:
    """Who acts: an account (by row, never shown) and its standings; nobody for visitors."""

    account: int | None = None
    pseudonym: str = ""
    standings: frozenset[Standing] = field(default_factory=frozenset)
    is_system: bool = False

    def holds(self, role: Role, organisation: str | None = None) -> bool:
        """Whether the actor has the role (for that organisation, if one is named)."""
        return any(
            standing.role == role and (organisation is None or standing.organisation == organisation)
            for standing in self.standings
        )

    @property
    def roles(self) -> frozenset[Role]:
        """All roles of the actor; a visitor's if none."""
        return frozenset(standing.role for standing in self.standings) or frozenset({Role.VISITOR})

    def organisations(self, *roles: Role) -> frozenset[str]:
        """Codes of the organisations for which the actor holds one of the roles."""
        return frozenset(s.organisation for s in self.standings if s.role in roles and s.organisation)


VISITOR = Actor()
SYSTEM = Actor(is_system=True)


@dataclass(frozen=True)
class Verdict:
    """Yes or no; a no always has a reason in plain words."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(True)
Rule = Callable[[Actor, Any], Verdict]


class Trace(StrEnum):
    """What a deed leaves behind."""

    PUBLIC_LOG = "public_log"
    OFFICES = "public_log_of_offices"  # of roles that answer for an organisation; of plain peers nothing
    NONE = "none"


@dataclass(frozen=True)
class Line:
    """One line of the permission table: what, who, under which rule, with which trace, and why not."""

    sentence: str
    roles: tuple[Role, ...]
    rule: Rule
    trace: Trace
    reason_no: str
