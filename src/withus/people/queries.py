"""Who is there, which organisations, and what is known about oneself."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from withus.core import clock
from withus.people.models import (
    Account,
    Countersignature,
    FundingLink,
    Instance,
    Invite,
    InviteBatch,
    Mandate,
    Membership,
    Organisation,
    OrganisationKind,
    Session,
    SetUpToken,
)
from withus.people.recognition import Standing as Record
from withus.people.recognition import recognised
from withus.policy.facts import Actor, Role, Standing

STAFF = [role.value for role in Role if role not in {Role.VISITOR, Role.CONTRIBUTOR, Role.PEER}]
HANDED_OUT = {  # which roles an organisation of a kind hands out
    OrganisationKind.PEER: (Role.PEER, Role.PEER_WORKER, Role.PEER_EDITOR, Role.ORG_STEWARD, Role.READER),
    OrganisationKind.BODY: (Role.BODY_SECRETARY, Role.DUTY_BEARER, Role.READER),
    OrganisationKind.SERVICE: (Role.ORG_STEWARD, Role.REFERRAL_DESK, Role.PEER_WORKER, Role.READER),
    OrganisationKind.FUNDER: (Role.READER,),
}


def public_actor(digest: str) -> Actor | None:
    """Who is signed in with this session, with all standings, in one statement; None if it has ended."""
    rows = Session.objects.filter(digest=digest, ends_on__gte=clock.today()).values_list(
        "account_id", "account__pseudonym", "account__memberships__role", "account__memberships__organisation__code"
    )
    found = list(rows)
    if not found:
        return None
    standings = frozenset(Standing(Role(role), code or "") for _, _, role, code in found if role)
    return Actor(found[0][0], found[0][1], standings)


def public_instance() -> Instance | None:
    """This host; None before it is set up."""
    return Instance.objects.first()


def public_set_up(digest: str) -> SetUpToken | None:
    """The one-time set-up address with this digest."""
    return SetUpToken.objects.filter(digest=digest).first()


def public_invite(digest: str) -> Invite | None:
    """An unused invite with this digest, if its batch has not ended."""
    usable = Invite.objects.filter(digest=digest, batch__ends_on__gte=clock.today())
    return usable.select_related("batch__organisation").first()


def public_organisations() -> QuerySet[Organisation]:
    """All organisations with their national one, by name."""
    return Organisation.objects.select_related("parent").order_by("name", "id")


def public_records() -> list[Record]:
    """What counts for the recognition of every peer organisation, from each one's newest mandate."""
    signatures = Prefetch("countersignatures", Countersignature.objects.select_related("by"))
    mandates = Prefetch("mandates", Mandate.objects.order_by("version").prefetch_related(signatures))
    peers = Organisation.objects.filter(kind=OrganisationKind.PEER).prefetch_related(mandates, "funding")
    return [_record(organisation) for organisation in peers]


def _record(organisation: Organisation) -> Record:
    mandates = list(organisation.mandates.all())
    signatures = list(mandates[-1].countersignatures.all()) if mandates else []
    return Record(
        organisation.code,
        bool(mandates),
        bool(organisation.funding.all()),
        frozenset(one.by.code for one in signatures if one.by) - {organisation.code},
        any(one.outside_name for one in signatures),
    )


def public_recognised_codes() -> frozenset[str]:
    """Codes of all recognised peer organisations."""
    return recognised(public_records())


@dataclass(frozen=True)
class Vouchable:
    """A peer organisation's mandate as the policy sees it when somebody countersigns."""

    organisation_code: str
    recognised: frozenset[str]

    def recognised_codes(self) -> frozenset[str]:
        """Codes of all recognised peer organisations."""
        return self.recognised


def public_vouchable(organisation: Organisation) -> Vouchable:
    """What the policy looks at when this organisation's mandate is countersigned."""
    return Vouchable(organisation.code, public_recognised_codes())


def public_missing(organisation: Organisation) -> list[str]:
    """What a peer organisation lacks for recognition; empty if it is recognised, or is no peer organisation."""
    records = public_records()
    codes = recognised(records)
    return next((one.missing(codes) for one in records if one.code == organisation.code), [])


def public_mandates(organisation: Organisation) -> QuerySet[Mandate]:
    """All versions of a mandate, the newest first, with who vouched for them."""
    signatures = Prefetch("countersignatures", Countersignature.objects.select_related("by").order_by("id"))
    return organisation.mandates.order_by("-version").prefetch_related(signatures)


def public_funding(organisation: Organisation) -> QuerySet[FundingLink]:
    """Who pays an organisation, as declared by itself, newest first."""
    return organisation.funding.select_related("payer").order_by("-declared_on", "-id")


def countersigners(actor: Actor) -> QuerySet[Organisation]:
    """The recognised peer organisations in whose name this actor can countersign."""
    codes = actor.organisations(Role.ORG_STEWARD) & public_recognised_codes()
    return Organisation.objects.filter(code__in=codes).order_by("name", "id")


def batches(actor: Actor, organisation: Organisation | None) -> QuerySet[InviteBatch]:
    """An organisation's batches of cards with how many are unused, for those who make them."""
    own = InviteBatch.objects.filter(organisation=organisation)
    return own.annotate(unused=Count("invites")).order_by("-made_on", "-id")


def staff(actor: Actor, organisation: Organisation | None) -> QuerySet[Membership]:
    """Who has a role that answers for the organisation; peers are never listed."""
    own = Membership.objects.filter(organisation=organisation, role__in=STAFF)
    return own.select_related("account").order_by("role", "account__pseudonym")


def roles_to_hand_out(actor: Actor, organisation: Organisation | None) -> tuple[Role, ...]:
    """Which roles this actor may make cards for: those of the organisation's kind.

    The instance's steward makes only the first cards, of those who then hand out all others.
    """
    if organisation is None:
        return (Role.INSTANCE_STEWARD,)
    roles = HANDED_OUT[OrganisationKind(organisation.kind)]
    if actor.holds(Role.ORG_STEWARD, organisation.code) or actor.is_system:
        return roles
    return tuple(role for role in roles if role in {Role.ORG_STEWARD, Role.BODY_SECRETARY, Role.READER})


def known_about(actor: Actor) -> list[tuple[str, dict[str, Any]]]:
    """Every row that this database holds about the actor: model name, then field → value, secrets as their length."""
    account = Account.objects.get(pk=actor.account)
    related: list[tuple[str, Iterable[Any]]] = [
        ("Account", [account]),
        ("Membership", account.memberships.select_related("organisation")),
        ("Session", account.sessions.all()),
        ("RecoveryCode", account.recovery_codes.all()),
    ]
    return [(name, _fields(row)) for name, rows in related for row in rows]


def _fields(row: Any) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in row._meta.concrete_fields}


def due_sessions(day: datetime.date) -> QuerySet[Session]:
    """Sessions that have ended."""
    return Session.objects.filter(ends_on__lt=day)


def due_batches(day: datetime.date) -> QuerySet[InviteBatch]:
    """Batches of cards that can no longer be used."""
    return InviteBatch.objects.filter(ends_on__lt=day)


def due_set_up_tokens(day: datetime.date) -> QuerySet[SetUpToken]:
    """Set-up addresses that nobody used for a week."""
    return SetUpToken.objects.filter(made_on__lt=day - datetime.timedelta(days=7))
