"""What waits for somebody about pay: lines to pay, rates to agree to, payments to look after."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from withus.pay.models import PayLine
from withus.pay.queries import waiting_for
from withus.policy.facts import Actor
from withus.policy.rules import Action
from withus.web.language import apart, money, written_minutes
from withus.web.tasks import Task


def for_the_payers(actor: Actor) -> list[Task]:
    """The hours that the actor's organisations have to pay, each with its minutes, also if pay did not arrive."""
    first, again = _("Pay these hours, and say so"), _("Peers say that this pay did not arrive: pay it, and say so")
    return [_task(line, again if line.paid else first, Action.PAY) for line in waiting_for(actor).to_pay]


def for_the_peers(actor: Actor) -> list[Task]:
    """The rates that wait for a yes, and the payments of which nobody has said whether they arrived."""
    waiting = waiting_for(actor)
    tasks = [_task(line, _("Say whether the pay arrived"), Action.CHECK_PAY) for line in waiting.to_check]
    for rate in waiting.rates:
        deed = reverse(Action.AGREE_RATE, args=[rate.code])
        about = reverse("payer", args=[rate.payer.code])
        what, whose = _("Agree to a rate, or talk about it"), rate.worked_for.name
        tasks.append(Task(what, rate.words, rate.language, about, deed, whose, since=rate.stated_on, pay=str(rate)))
    return tasks


def _line(line: PayLine) -> str:
    """What the work was, how long it took, for whom, and what it is worth."""
    about = [str(line), written_minutes(line.minutes), apart(line.worked_for.name)]
    return " · ".join([*about, apart(money(line.total, line.currency))] if line.currency else about)


def _task(line: PayLine, what: Promise, deed: Action) -> Task:
    return Task(
        what,
        _line(line),
        "",
        line.get_absolute_url(),
        reverse(deed, args=[line.code]),
        line.payer.name if deed is Action.PAY else line.worked_for.name,
        since=line.worked_on,
    )
