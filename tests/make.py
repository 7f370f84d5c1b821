"""Plain makers with dull defaults: one function for each thing that tests need to be there."""

from dataclasses import dataclass
from typing import Any

from withus.core import clock, codes
from withus.people import actions, credentials
from withus.people.models import Account, Instance, Membership, Organisation, OrganisationKind
from withus.people.queries import public_actor
from withus.policy.facts import SYSTEM, VISITOR, Actor, Role


@dataclass(frozen=True)
class Somebody:
    """An account with what only its owner knows."""

    pseudonym: str
    passphrase: str
    key: bytes
    account: Account
    actor: Actor


def instance(**more: Any) -> Instance:
    """This house, set up."""
    about = {"host_name": "The house", "set_up_on": clock.today()} | more
    return Instance.objects.get_or_create(id=1, defaults=about)[0]


def organisation(name: str = "The peers", kind: str = OrganisationKind.PEER, **more: Any) -> Organisation:
    """An organisation, by default a peer organisation."""
    return actions.found(SYSTEM, None, kind=kind, name=name, about="", language="en", **more)


def ministry() -> Organisation:
    """A body."""
    return organisation("The ministry", OrganisationKind.BODY)


def recognised(name: str = "The peers", **more: Any) -> Organisation:
    """A recognised peer organisation."""
    return recognise(organisation(name, **more))


def recognise(made: Organisation) -> Organisation:
    """The organisation, with all that makes it recognised."""
    mandate(made)
    actions.declare(SYSTEM, made, share="none")
    actions.countersign(SYSTEM, made, version=1, outside_name="Abroad", outside_proof="On their site")
    return made


def mandate(of: Organisation, **more: Any) -> None:
    """A published mandate."""
    words = {"speaks_for": "Us", "chosen_how": "By vote", "members_asked": "Weekly", "reports_back": "On paper"}
    actions.establish(SYSTEM, of, **(words | {"language": "en"} | more))


def card(of: Organisation, role: Role = Role.PEER) -> str:
    """An invite code."""
    return actions.invite(SYSTEM, of, role=role, size=1, ends_on=clock.today())[1][0]


def draft(code: str) -> credentials.Draft:
    """What a newcomer with this card is shown."""
    return credentials.newcomer("join", codes.digest(code), bytes(instance().check_secret))


def somebody(role: Role, of: Organisation | None = None) -> Somebody:
    """An account with one role; it came in with a card, the house's steward by a set-up address."""
    if of is None:
        shown = credentials.newcomer(
            "set_up", codes.digest(actions.make_set_up_token(SYSTEM)), bytes(instance().check_secret)
        )
        session = actions.set_up(VISITOR, None, draft=shown)
    else:
        code = card(of, role)
        shown = draft(code)
        session = actions.join(VISITOR, None, code=code, draft=shown)
    assert session
    known = public_actor(codes.digest(session.token))
    assert known
    assert Membership.objects.filter(account=known.account, organisation=of, role=role).count() == 1
    return Somebody(shown.pseudonym, shown.passphrase, shown.key, Account.objects.get(pk=known.account), known)
