"""Slips: the one that somebody types in, and those whose time is over."""

import datetime

from django.db.models import QuerySet

from withus.core import clock
from withus.people.models import Organisation
from withus.policy.facts import Actor
from withus.policy.rules import Action, decide
from withus.voices.assisted.models import BLANK_FOR, BlankSlip


def blank(actor: Actor, organisation: Organisation, number: str) -> QuerySet[BlankSlip]:
    """The blank slip with this entry code, for those who enter for its organisation; there may be none."""
    if not decide(actor, Action.ASSIST, organisation):
        return BlankSlip.objects.none()
    since = clock.today() - BLANK_FOR
    return BlankSlip.objects.filter(organisation=organisation, number=number, printed_on__gte=since)


def due_slips(day: datetime.date) -> QuerySet[BlankSlip]:
    """Slips that stayed blank for too long."""
    return BlankSlip.objects.filter(printed_on__lt=day - BLANK_FOR)
