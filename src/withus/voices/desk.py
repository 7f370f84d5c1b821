"""What waits for somebody in the inboxes that she reads, and what has to be told to those who spoke."""

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from withus.pay.models import Work
from withus.pay.queries import public_peers_rates
from withus.people.models import Organisation, OrganisationKind
from withus.policy.facts import Actor
from withus.voices import queries
from withus.voices.findings.queries import standing_alone, to_tell
from withus.web.language import written_number
from withus.web.tasks import Task

_WHAT = gettext_lazy("Read what was sent, and answer")
_ALONE = gettext_lazy("Count more voices in this finding, or take it back")


def for_the_readers(actor: Actor) -> list[Task]:
    """Each inbox with voices that nobody has answered; of what they say nothing stands here."""
    tasks = []
    for one in queries.waiting(actor):
        ours, about = one.inbox.organisation, one.inbox.get_absolute_url()
        text = ngettext("%(number)s voice waits to be read", "%(number)s voices wait to be read", one.number)
        words = text % {"number": written_number(one.number)}
        pay = pay_for(ours, Work.MODERATING)
        tasks.append(Task(_WHAT, words, "", about, about, ours.name, since=one.since, pay=pay))
    return tasks


def for_those_who_tell(actor: Actor) -> list[Task]:
    """The answers of which nobody has told those who spoke, each with the day until which they should hear of it.

    And the findings beside which a voice stands that may only be counted since, with too few others.
    """
    what = gettext_lazy("Tell those who spoke what was decided")
    tasks = []
    for one in to_tell(actor):
        finding, ours = one.finding, one.finding.organisation
        deed = reverse("tell_back", args=[finding.code])
        about = (str(finding), finding.language if finding.text else "", finding.get_absolute_url(), deed, ours.name)
        tasks.append(Task(what, *about, due_on=one.until, pay=pay_for(ours, Work.OTHER)))
    for alone in standing_alone(actor):
        place, language = alone.get_absolute_url(), alone.language if alone.text else ""
        tasks.append(Task(_ALONE, str(alone), language, place, place, alone.organisation.name))
    return tasks


def pay_for(organisation: Organisation, work: Work) -> str | None:
    """What peers are paid for reading or writing down; None where it is somebody's office."""
    if organisation.kind != OrganisationKind.PEER:
        return None
    agreed = public_peers_rates(organisation).filter(kind=work, agreement__isnull=False)
    return "; ".join(f"{rate} ({rate.payer})" for rate in agreed)
