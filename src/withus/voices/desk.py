"""What waits for somebody in the inboxes that she reads."""

from django.utils.translation import gettext, gettext_lazy

from withus.pay.models import Work
from withus.pay.queries import public_peers_rates
from withus.people.models import Organisation, OrganisationKind
from withus.policy.facts import Actor
from withus.voices import queries
from withus.web.language import written_day
from withus.web.tasks import Task

_WHAT = gettext_lazy("Read what somebody sent, and answer")


def for_the_readers(actor: Actor) -> list[Task]:
    """The voices that nobody has answered; of what they say nothing stands here."""
    rates: dict[int, str | None] = {}
    tasks = []
    for one in queries.waiting(actor):
        ours = one.inbox.organisation
        if ours.pk not in rates:
            rates[ours.pk] = pay_for(ours, Work.MODERATING)
        about, what = one.get_absolute_url(), gettext("Sent on %(day)s") % {"day": written_day(one.voice.sent_on)}
        tasks.append(Task(_WHAT, what, "", about, about, ours.name, since=one.voice.sent_on, pay=rates[ours.pk]))
    return tasks


def pay_for(organisation: Organisation, work: Work) -> str | None:
    """What peers are paid for reading or writing down; None where it is somebody's office."""
    if organisation.kind != OrganisationKind.PEER:
        return None
    agreed = public_peers_rates(organisation).filter(kind=work, agreement__isnull=False)
    return "; ".join(f"{rate} ({rate.payer})" for rate in agreed)
