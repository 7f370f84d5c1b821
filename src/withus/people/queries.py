"""Who is there, which organisations, and what is known about oneself."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Count, Model, Prefetch, Q, QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from withus.core import clock, codes
from withus.core.errors import Refused
from withus.people import credentials, telling  # noqa: F401  importing the latter registers what rows tell
from withus.people.credentials import Draft
from withus.people.models import (
    KEEPERS,
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
from withus.people.names import read_pseudonym
from withus.people.recognition import OUTSIDE, Claim, missing, recognised
from withus.policy.facts import Actor, Role, Standing
from withus.public_log import queries as log
from withus.web.language import in_digits, written_day

HOST_CARD = "role.offered_by_host"
STAFF = [role.value for role in Role if role not in {Role.VISITOR, Role.CONTRIBUTOR, Role.PEER}]
HANDED_OUT = {  # which roles an organisation of a kind hands out, the one that hands out the others first
    OrganisationKind.PEER: (Role.ORG_STEWARD, Role.PEER, Role.PEER_WORKER, Role.PEER_EDITOR, Role.REFERRAL_DESK),
    OrganisationKind.BODY: (Role.BODY_SECRETARY, Role.DUTY_BEARER, Role.READER),
    OrganisationKind.SERVICE: (Role.ORG_STEWARD, Role.REFERRAL_DESK, Role.PEER_WORKER, Role.READER),
    OrganisationKind.FUNDER: (Role.READER,),
}


# Written out, because every request of a signed-in person asks it: building it anew cost a quarter of a vote.
_WHO = """
SELECT a.id, a.pseudonym, m.role, o.code, o.kind FROM withus_session s JOIN withus_account a ON a.id = s.account_id
LEFT JOIN withus_membership m ON m.account_id = a.id AND (m.until IS NULL OR m.until >= %s)
LEFT JOIN withus_organisation o ON o.id = m.organisation_id
WHERE s.digest = %s AND s.ends_on >= %s
"""


def public_actor(digest: str) -> Actor | None:
    """Who is signed in with this session, with all standings, in one statement; None if it has ended."""
    with connection.cursor() as cursor:
        cursor.execute(_WHO, [clock.today(), digest, clock.today()])
        found = cursor.fetchall()
    if not found:
        return None
    standings = frozenset(
        Standing(Role(role), code or "", kind == OrganisationKind.PEER) for _, _, role, code, kind in found if role
    )
    return Actor(found[0][0], found[0][1], standings)


def public_instance() -> Instance | None:
    """This host; None before it is set up."""
    return Instance.objects.first()


def public_set_up(digest: str) -> SetUpToken | None:
    """The unused one-time set-up address with this digest."""
    return SetUpToken.objects.filter(digest=digest).first()


def public_invite(digest: str) -> Invite | None:
    """An unused invite with this digest, if its batch has not ended."""
    usable = Invite.objects.filter(digest=digest, batch__ends_on__gte=clock.today())
    return usable.select_related("batch__organisation").first()


def public_organisations() -> QuerySet[Organisation]:
    """All organisations with their national one, by name."""
    return Organisation.objects.select_related("parent").order_by("name", "id")


def draft_for_newcomer(actor: Actor, purpose: str, bound_to: str) -> Draft:
    """A draft with a pseudonym that nobody has."""
    instance = public_instance()
    check_secret = bytes(instance.check_secret) if instance else codes.key()
    while True:
        draft = credentials.newcomer(purpose, bound_to, check_secret)
        if not Account.objects.filter(pseudonym=draft.pseudonym).exists():
            return draft


def draft_for_code(actor: Actor, code: str) -> Draft:
    """A draft for whoever holds this invite code; raises Refused if it cannot be used."""
    digest = codes.digest(codes.read_code(code))
    if not public_invite(digest):
        raise Refused(gettext("This code does not work. It may be used, or too old. Ask for a new card."), "code")
    return draft_for_newcomer(actor, "join", digest)


def draft_for_renewal(actor: Actor, key: bytes) -> Draft:
    """A draft with another passphrase for the actor, whose participation key this is."""
    account = own_account(actor)
    check_secret = bytes(Instance.objects.get().check_secret)
    return credentials.another("renew", account.verifier, check_secret, account.pseudonym, bytes(account.salt), key)


def draft_for_recovery(actor: Actor, pseudonym: str, code: str) -> Draft:
    """A draft with another passphrase for whoever holds this recovery code, which stays good until the draft is used.

    Raises Refused with one sentence, at one price, for every kind of wrong.
    """
    name, secret, instance = read_pseudonym(pseudonym), codes.read_code(code), public_instance()
    account, opened = Account.objects.filter(pseudonym=name).first(), None
    if instance and codes.code_may_be(bytes(instance.check_secret), name, secret):
        locked = {row.verifier: bytes(row.wrapped_key) for row in account.recovery_codes.all()} if account else {}
        salt = bytes(account.salt) if account else credentials.salt_of_nobody(name)
        opened = credentials.unlock(secret, salt, locked)
    if account is None or opened is None or instance is None:
        raise Refused(gettext("Pseudonym and code do not fit, or the code is used. Try the next one on your sheet."))
    verifier, key = opened
    return credentials.another("recover", verifier, bytes(instance.check_secret), name, bytes(account.salt), key)


def own_account(actor: Actor) -> Account:
    """The actor's account; raises DoesNotExist for those without one."""
    return Account.objects.get(pk=actor.account or 0)  # no row has the number 0


def own_roles(actor: Actor) -> list[tuple[Standing, Organisation | None]]:
    """The actor's roles, each with its organisation; none is the house."""
    held = sorted(actor.standings, key=lambda one: (one.role, one.organisation))
    there = {one.code: one for one in public_organisations().filter(code__in=[one.organisation for one in held])}
    return [(one, there.get(one.organisation)) for one in held]


def public_claims() -> list[Claim]:
    """What counts for the recognition of every peer organisation."""
    mandates: dict[int, list[frozenset[str]]] = {}
    signatures = Prefetch("countersignatures", Countersignature.objects.select_related("by"))
    for mandate in Mandate.objects.order_by("version").prefetch_related(signatures):
        vouched = frozenset(one.by.code if one.by else OUTSIDE for one in mandate.countersignatures.all())
        mandates.setdefault(mandate.organisation_id, []).append(vouched)
    declared = set(FundingLink.objects.values_list("organisation_id", flat=True))
    peers = Organisation.objects.filter(kind=OrganisationKind.PEER).values_list("pk", "code", "host_card_after")
    claims = []
    for pk, code, host_card_after in peers:
        versions = mandates.get(pk, [])
        now = versions[-1] if len(versions) > host_card_after else frozenset[str]()
        claims.append(Claim(code, bool(versions), pk in declared, frozenset().union(*versions), now))
    return claims


def public_recognised_codes() -> frozenset[str]:
    """Codes of all recognised peer organisations."""
    return recognised(public_claims())


@dataclass(frozen=True)
class House:
    """All peer organisations of this house together, as the policy sees them."""

    recognised: frozenset[str]

    def recognised_codes(self) -> frozenset[str]:
        """Codes of all recognised peer organisations."""
        return self.recognised


def public_house() -> House:
    """Which peer organisations the policy counts for what belongs to the whole house."""
    return House(public_recognised_codes())


def public_host_cards(organisation: Organisation) -> list[log.Entry]:
    """The published records of first cards that the host made for the organisation, oldest first."""
    return log.public_of_type(organisation.code, HOST_CARD)


@dataclass(frozen=True)
class Vouchable(House):
    """A peer organisation's mandate as the policy sees it when somebody countersigns."""

    organisation_code: str
    missing: list[str]


def public_vouchable(organisation: Organisation) -> Vouchable:
    """What the policy looks at when this organisation's mandate is countersigned, and what it lacks so far."""
    claims = public_claims()
    found = recognised(claims)
    own = next((one for one in claims if one.code == organisation.code), None)
    return Vouchable(found, organisation.code, missing(own, own.vouched_now, found | {OUTSIDE}) if own else [])


def public_mandates(organisation: Organisation) -> QuerySet[Mandate]:
    """All versions of a mandate, the newest first, with who vouched for them."""
    signatures = Prefetch("countersignatures", Countersignature.objects.select_related("by").order_by("id"))
    return organisation.mandates.order_by("-version").prefetch_related(signatures)


def public_funding(organisation: Organisation) -> list[FundingLink]:
    """Who pays an organisation, as it declared last about each."""
    newest: dict[tuple[int | None, str], FundingLink] = {}
    for link in organisation.funding.select_related("payer").order_by("declared_on", "id"):
        newest[link.payer_id, link.payer_name] = link
    return list(newest.values())


def countersigners(actor: Actor, organisation: Organisation) -> QuerySet[Organisation]:
    """The other recognised peer organisations in whose name this actor can vouch."""
    codes = (actor.organisations(Role.ORG_STEWARD) & public_recognised_codes()) - {organisation.code}
    return Organisation.objects.filter(code__in=codes).order_by("name", "id")


def may_vouch_as(actor: Actor, by: Organisation | None, organisation: Organisation) -> bool:
    """Whether the actor can vouch in this name; None is an organisation outside, which the host's steward records."""
    if by is None:
        return actor.holds(Role.INSTANCE_STEWARD)
    return countersigners(actor, organisation).filter(pk=by.pk).exists()


def batches(actor: Actor, organisation: Organisation) -> QuerySet[InviteBatch]:
    """An organisation's batches of cards with how many are unused, for those who make them."""
    own = InviteBatch.objects.filter(organisation=organisation)
    return own.annotate(unused=Count("invites")).order_by("-made_on", "-id")


def own_terms(actor: Actor) -> dict[Standing, datetime.date]:
    """The last day of each of the actor's roles that has a term."""
    held = Membership.objects.filter(account=actor.account, until__isnull=False).select_related("organisation")
    return {Standing(Role(one.role), one.organisation_code): one.until for one in held if one.until}


def staff(actor: Actor, organisation: Organisation) -> QuerySet[Membership]:
    """Who has a role that answers for the organisation; peers are never listed."""
    own = Membership.objects.filter(organisation=organisation, role__in=STAFF)
    return own.select_related("account").order_by("role", "account__pseudonym")


def roles_to_hand_out(actor: Actor, organisation: Organisation) -> tuple[Role, ...]:
    """Which roles this actor may make cards for, if she may make any: those of the organisation's kind.

    The instance's steward makes only the first cards, of those who then hand out all others: a host can neither fill
    a peer organisation with peers of its own, nor slip in beside its steward.
    """
    roles = HANDED_OUT[OrganisationKind(organisation.kind)]
    return roles[:1] if is_for_an_orphan(actor, organisation) else roles


def is_for_an_orphan(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor gives and ends roles here as the host only, because nobody of the organisation does."""
    return not actor.is_system and organisation.code not in actor.organisations(*KEEPERS)


_TABLES = {
    "Account": _("Your account"),
    "Membership": _("A role that you hold"),
    "Session": _("A browser in which you are signed in"),
    "RecoveryCode": _("A recovery code that you have not used"),
    "Statement": _("A statement about which you decided"),
    "Redaction": _("A request to take words away, made by you and not yet answered"),
    "Tenure": _("A term in a seat that you hold or held"),
    "Reader": _("An inbox that you read, or offer to"),
    "Opening": _("A voice that you opened for your organisation"),
}
_FIELDS = {
    "id": _("a random number inside the database"),
    "pseudonym": _("your pseudonym"),
    "salt": _("random bytes, so that equal passphrases look different"),
    "verifier": _("checks your passphrase or code, and tells nothing about it"),
    "wrapped_key": _("the key to your votes, locked with your passphrase or code"),
    "joined_on": _("the day on which you joined"),
    "account": _("the account it belongs to"),
    "organisation": _("for which organisation"),
    "role": _("which role"),
    "since": _("since which day"),
    "until": _("until which day"),
    "digest": _("checks your browser's cookie, and tells nothing about it"),
    "ends_on": _("ends on this day at the latest"),
    "seat": _("which seat, by its number inside the database"),
    "is_named": _("whether this seat was filled with an account"),
    "said_on": _("the day on which this was said"),
    "public": _("the half of your reading key that only locks"),
    "wrapped": _("the key of an inbox, locked for you"),
    "offered_on": _("the day on which you offered to read"),
    "reads_since": _("since which day you read"),
    "reader": _("who opened it"),
    "voice_code": _("which voice, by its code"),
    "opened_on": _("the day on which you opened it"),
}


@dataclass(frozen=True)
class KnownRow:
    """A row about somebody: what it is, and each field by its database name, in words, with its value."""

    what: str
    fields: list[tuple[str, str, str]]


def known_about(actor: Actor) -> list[KnownRow]:
    """Every row of this database that names the actor's account, as stored; a table added later comes by itself."""
    pointing = [(one.related_model, one.field.name) for one in Account._meta.related_objects]
    pointing += [
        (model, field.name)
        for model in apps.get_app_config("withus").get_models()
        for field in model._meta.concrete_fields
        if field.name.endswith("_account")
    ]
    rows: list[Model] = [own_account(actor)]
    for model, field in pointing:
        rows += model._default_manager.filter(**{field: actor.account}).order_by("pk")
    return [KnownRow(str(_TABLES.get(type(row).__name__, type(row).__name__)), _known_fields(row)) for row in rows]


def _known_fields(row: Model) -> list[tuple[str, str, str]]:
    names = [field.name for field in row._meta.concrete_fields]
    return [(name, str(_FIELDS.get(name, name)), _in_words(getattr(row, name))) for name in names]


def _in_words(value: Any) -> str:
    if isinstance(value, Model) and type(value).__str__ is Model.__str__:  # a random number that stands for somebody
        return gettext("kept back, because it is about somebody else")
    if isinstance(value, bytes | memoryview):
        count = len(bytes(value))
        return in_digits(ngettext("%(count)d byte", "%(count)d bytes", count) % {"count": count})
    if isinstance(value, datetime.date):
        return written_day(value)
    return "–" if value in {None, ""} else str(value)


def due_sessions(day: datetime.date) -> QuerySet[Session]:
    """Sessions that have ended."""
    return Session.objects.filter(ends_on__lt=day)


def due_batches(day: datetime.date) -> QuerySet[InviteBatch]:
    """Batches of cards that can no longer be used, or are all used up."""
    return InviteBatch.objects.filter(Q(ends_on__lt=day) | Q(invites__isnull=True))


def due_set_up_tokens(day: datetime.date) -> QuerySet[SetUpToken]:
    """Set-up addresses that nobody used for a week."""
    return SetUpToken.objects.filter(made_on__lt=day - datetime.timedelta(days=7))
