"""What waits for the stewards of this house: reports, each by its day."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from withus.home.reports import queries
from withus.policy.facts import Actor
from withus.policy.rules import Action
from withus.web.tasks import Task, waits


@waits
def for_the_house(actor: Actor) -> list[Task]:
    """The reports that are not decided; of what they say nothing stands here."""
    what, place = _("Decide about a report of unlawful content"), reverse("reports")
    found = [(one, reverse(Action.DECIDE_REPORT, args=[one.code])) for one in queries.waiting(actor)]
    return [Task(what, str(one.get_why_display()), "", place, deed, "", one.decide_by) for one, deed in found]
