"""How a role is taken, and what the log says of those that answer for an organisation. Only actions call these."""

import datetime
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import QuerySet
from django.utils.translation import gettext

from withus.acting import Record
from withus.core import clock, erasure
from withus.core.errors import Refused
from withus.people import leaving
from withus.people.coming import HOOKS
from withus.people.models import KEEPERS, OFFICES, Account, InviteBatch, Membership, Organisation, OrganisationKind
from withus.policy.facts import ActorKind, Role

LONGEST_TERM = datetime.timedelta(days=3660)


def take(record: Record, account: Account, batch: InviteBatch) -> None:
    """The account has the role of the card, for its term; whoever hands it over with this card has it no more.

    A card with a later term prolongs the role. Raises Refused for whoever has it as long already.
    """
    held, is_new = Membership.objects.get_or_create(
        account=account,
        organisation=batch.organisation,
        role=batch.role,
        defaults={"since": clock.today(), "until": batch.term_until},
    )
    if not is_new:
        if batch.handing_account == account.pk or not _is_later(batch.term_until, held.until):
            sentence = gettext("You have this role already. The card still works: give it to somebody else.")
            raise Refused(sentence, "code")
        if held.until and held.until < clock.today():  # over, though its row is still here: it begins anew
            _say_over(account.pk, batch.organisation_id)
        held.until = batch.term_until
        held.save(update_fields=["until"])
    is_handed_over = bool(end(Membership.objects.filter(handed_over_by=batch)))
    if is_handed_over:
        erasure.for_good()
    if batch.role in KEEPERS:
        Organisation.objects.filter(pk=batch.organisation.pk).update(missed_on=None)
    term = {"until": batch.term_until.isoformat()} if batch.term_until else {}
    handed = {"handed_over": True} if is_handed_over else {}
    of_card = {fact: value for hook in HOOKS for fact, value in hook(batch).items()}
    by = own_kind(batch.organisation)
    tell(record, "role.taken", batch.organisation, batch.role, by=by, more={**term, **handed, **of_card})


def end(ended: QuerySet[Membership]) -> int:
    """Ends these roles, with what was given to whoever held them; returns how many."""
    held = list(ended.values_list("account_id", "organisation_id"))
    ended.delete()
    for account, organisation in held:
        _say_over(account, organisation)
    return len(held)


def _say_over(account: int, organisation: int | None) -> None:
    if organisation is not None:
        for hook in leaving.ROLE_HOOKS:
            hook(account, organisation)


def end_all(organisation: Organisation) -> dict[str, int]:
    """Ends every role for the organisation and makes its cards worthless; how many of each role, for the record."""
    InviteBatch.objects.filter(organisation=organisation).delete()
    ended = Membership.objects.filter(organisation=organisation)
    told = Counter(ended.exclude(role=Role.PEER).order_by("role").values_list("role", flat=True))
    end(ended)
    return dict(told)


def _is_later(day: datetime.date | None, than: datetime.date | None) -> bool:
    return than is not None and (day is None or day > than)


def tell(
    record: Record,
    what: str,
    organisation: Organisation,
    role: str,
    *,
    by: ActorKind,
    more: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """The record of a role that answers for an organisation, without who; of a plain peer there is none."""
    if role == Role.PEER:
        record.nothing()
    else:
        record(what, {"organisation": organisation.code, "role": role, **more}, by=by, subject=organisation.code)


def fit_term(role: str, term_until: datetime.date | None, ends_on: datetime.date) -> None:
    """Raises Refused for a term that this role cannot have, or that would end before the card does."""
    if term_until is None:
        return
    if role not in OFFICES:
        raise Refused(
            gettext("Only roles that answer for an organisation have a term. Leave this empty."), "term_until"
        )
    if not ends_on <= term_until <= clock.today() + LONGEST_TERM:
        sentence = gettext("Choose a day that is not before the card’s last day, and at most ten years away.")
        raise Refused(sentence, "term_until")


def own_kind(organisation: Organisation) -> ActorKind:
    """As what somebody enters the log who takes or gives up a role herself: with a peer organisation, as peers do."""
    kinds = {OrganisationKind.PEER: ActorKind.PEERS, OrganisationKind.BODY: ActorKind.BODY}
    return kinds.get(OrganisationKind(organisation.kind), ActorKind.ORGANISATION)


def mark(record: Record, organisation: Organisation, what: str, day: datetime.date | None) -> None:
    """Since when those are missed who give the organisation's roles; None: they are there."""
    organisation.missed_on = day
    organisation.save(update_fields=["missed_on"])
    record(what, {"organisation": organisation.code}, by=ActorKind.ORGANISATION, subject=organisation.code)
