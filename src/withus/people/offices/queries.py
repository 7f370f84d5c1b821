"""Which roles can be handed over, which are about to be, and whose term has ended."""

import datetime

from django.db.models import QuerySet

from withus.core import clock
from withus.people.models import OFFICES, InviteBatch, Membership, Organisation
from withus.people.queries import batches
from withus.policy.facts import Actor, Role


def handed_over(actor: Actor, organisation: Organisation) -> QuerySet[InviteBatch]:
    """The cards with which the actor hands her own roles for the organisation over, and which nobody has used yet."""
    own = batches(actor, organisation).filter(replaces__account=actor.account)
    return own.filter(invites__isnull=False, ends_on__gte=clock.today())


def roles_to_hand_over(actor: Actor, organisation: Organisation) -> list[Role]:
    """The actor's own roles for the organisation that a successor can take."""
    return [role for role in OFFICES if actor.holds(role, organisation.code)]


def due_terms(day: datetime.date) -> QuerySet[Membership]:
    """Roles whose term has ended."""
    return Membership.objects.filter(until__lt=day).order_by("until", "id")
