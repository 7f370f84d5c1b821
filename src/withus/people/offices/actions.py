"""A role goes from one to the next, with nothing lost between them; a term ends by itself."""

import datetime
from typing import Any

from django.utils.translation import gettext

from withus.acting import acting
from withus.core import clock, codes, erasure
from withus.core.errors import Refused
from withus.people import cards, roles
from withus.people.models import InviteBatch, Membership, Organisation
from withus.people.offices import queries
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action


def hand_over(
    actor: Actor,
    organisation: Organisation,
    *,
    role: str,
    ends_on: datetime.date,
    term_until: datetime.date | None = None,
    seed: str = "",
) -> tuple[InviteBatch, str]:
    """Makes one card for the successor in the actor's own role, which she keeps until it is used.

    Sent twice, it is the same card. Raises Refused, Denied.
    """
    with acting(actor, Action.HAND_OVER, organisation) as record:
        held = organisation.memberships.filter(account=actor.account, role=role).first()
        if held is None or role not in queries.roles_to_hand_over(actor, organisation):
            raise Refused(gettext("You can only hand over a role that you have."), "role")
        about: dict[str, Any] = {
            "role": role,
            "size": 1,
            "ends_on": ends_on,
            "term_until": term_until,
            "replaces": held,
        }
        InviteBatch.objects.filter(replaces=held, ends_on__lt=clock.today()).delete()
        made, (code,), is_new = cards.make(organisation, seed or codes.code(26), **about)
        if is_new:
            by, facts = roles.own_kind(organisation), {"handed_over": True}
            roles.tell(record, "role.offered", organisation, role, by=by, more=facts)
        else:
            record.nothing()
    return made, code


def end_term(actor: Actor, held: Membership) -> None:
    """Ends a role whose term is over; only Withus itself does this. Raises Refused, Denied."""
    with acting(actor, Action.END_TERM, held) as record:
        if held.organisation is None or held.until is None or held.until >= clock.today():
            raise Refused(gettext("This term has not ended."))
        roles.end(Membership.objects.filter(pk=held.pk))
        erasure.for_good()
        roles.tell(record, "role.ended", held.organisation, held.role, by=ActorKind.SYSTEM)
