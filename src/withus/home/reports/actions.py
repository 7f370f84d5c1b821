"""What happens to a report: it comes, it is decided, and its words go."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.acting import acting, erase_words, only_telling
from withus.compute.reasons import OF_A_REASON
from withus.core import clock, codes
from withus.core.errors import all_at_once, only_if
from withus.home.reports import queries
from withus.home.reports.models import Report, Why
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action
from withus.voices import limits

_WORDS_TOO_FEW = _("Say it in a sentence, so that somebody can check it.")
_LIMIT = "reports"


def report(actor: Actor, subject: None, *, secret: str, target: str, why: str, text: str) -> Report:
    """Stores a report under its secret address, and nothing of who sent it. The same address twice is one report.

    Raises Refused.
    """
    if same := queries.public_report(secret):
        return same
    only_telling(_WORDS_TOO_FEW, text=text)
    day, words = clock.today(), {"target": target, "why": why, "text": text}
    try:
        with acting(actor, Action.REPORT, subject) as record:
            limits.take((), _LIMIT)
            about = {"digest": codes.digest(secret), "received_on": day, "decide_by": day + Why(why).days}
            made = Report.objects.create(**words, **about)
            record.told(made.told_received(), by=ActorKind.PEERS)
            return made
    except IntegrityError:  # sent twice in one moment: the other one is stored
        same = queries.public_report(secret)
        if same is None:
            raise
        return same


def decide_report(actor: Actor, report: Report, *, decision: str, reasons: str, language: str) -> None:
    """Decides once, with reasons that whoever sent it reads. Raises Refused, Denied."""
    with acting(actor, Action.DECIDE_REPORT, report) as record:
        with all_at_once() as check:
            check(only_if, not report.decision, gettext("This report is decided already. Nothing was changed."))
            check(only_telling, _WORDS_TOO_FEW, OF_A_REASON, reasons=reasons)
        report.decision, report.reasons, report.language = decision, reasons, language
        report.decided_on = clock.today()
        report.save(update_fields=["decision", "reasons", "language", "decided_on"])
        record.told(report.told_decided(), by=ActorKind.ORGANISATION)


def forget_words(report: Report) -> None:
    """Erases what was said in a report and about it, here and beside the log, with the address that opened it."""
    with transaction.atomic():
        report.digest = None
        report.target = report.why = report.text = report.reasons = report.language = ""
        report.save(update_fields=["digest", "target", "why", "text", "reasons", "language"])
        erase_words(report.code)
