"""How a role is taken, and what the log says of those that answer for an organisation. Only actions call these."""

import datetime

from django.utils.translation import gettext

from withus.acting import Record
from withus.core import clock
from withus.core.errors import Refused
from withus.people.models import KEEPERS, Account, InviteBatch, Membership, Organisation, OrganisationKind
from withus.policy.facts import ActorKind, Role


def take(record: Record, account: Account, batch: InviteBatch) -> None:
    """The account has the role of the card; raises Refused if it had it before."""
    _, is_new = Membership.objects.get_or_create(
        account=account, organisation=batch.organisation, role=batch.role, defaults={"since": clock.today()}
    )
    if not is_new:
        raise Refused(gettext("You have this role already. The card still works: give it to somebody else."), "code")
    if batch.role in KEEPERS:
        Organisation.objects.filter(pk=batch.organisation.pk).update(missed_on=None)
    tell(record, "role.taken", batch.organisation, batch.role, by=own_kind(batch.organisation))


def tell(record: Record, what: str, organisation: Organisation, role: str, *, by: ActorKind) -> None:
    """The record of a role that answers for an organisation, without who; of a plain peer there is none."""
    if role == Role.PEER:
        record.nothing()
    else:
        record(what, {"organisation": organisation.code, "role": role}, by=by, subject=organisation.code)


def own_kind(organisation: Organisation) -> ActorKind:
    """As what somebody enters the log who takes or gives up a role herself: with a peer organisation, as peers do."""
    kinds = {OrganisationKind.PEER: ActorKind.PEERS, OrganisationKind.BODY: ActorKind.BODY}
    return kinds.get(OrganisationKind(organisation.kind), ActorKind.ORGANISATION)


def mark(record: Record, organisation: Organisation, what: str, day: datetime.date | None) -> None:
    """Since when those are missed who give the organisation's roles; None: they are there."""
    organisation.missed_on = day
    organisation.save(update_fields=["missed_on"])
    record(what, {"organisation": organisation.code}, by=ActorKind.ORGANISATION, subject=organisation.code)
