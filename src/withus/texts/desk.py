"""What waits for somebody about words that must go: requests of the other key."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from withus.people.queries import public_house
from withus.policy.facts import Actor, Role
from withus.policy.rules import Action, decide
from withus.texts.queries import own_codes, public_asked, public_redactions
from withus.web.tasks import Task


def for_the_keys(actor: Actor) -> list[Task]:
    """The requests that the actor can answer, as a steward of the house or of a recognised peer organisation."""
    of_peers, of_house = Q(asked_by__isnull=False), Q(asked_by__isnull=True)
    mine = of_peers if actor.holds(Role.INSTANCE_STEWARD) else Q(pk=None)
    if actor.organisations(Role.ORG_STEWARD) and own_codes(actor, public_house()):
        mine |= of_house
    waiting = public_redactions().filter(mine, agreed__isnull=True).exclude(asked_by_account=actor.account)
    may = {one: decide(actor, Action.SETTLE, public_asked(one)) for one in waiting}
    return [
        Task(
            _("Say yes or no: should these words go?"),
            one.words,
            one.language,
            one.get_absolute_url(),
            reverse(Action.SETTLE, args=[one.code]) if may[one] else one.get_absolute_url(),
            one.asked_by.name if one.asked_by else "",
            since=one.asked_on,
        )
        for one in waiting
    ]
