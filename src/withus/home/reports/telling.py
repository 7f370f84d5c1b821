"""How the log tells of reports: that one came, by when it is decided, and what was decided; never what it is about."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from withus.home.reports.models import Report, Ruling
from withus.people.telling import CHUNK
from withus.public_log.rows import Told, stands_in_rows
from withus.public_log.wording import speak


def _received() -> Iterator[Told]:
    yield from (one.told_received() for one in Report.objects.iterator(CHUNK))


def _decided() -> Iterator[Told]:
    yield from (one.told_decided() for one in Report.objects.filter(decided_on__isnull=False).iterator(CHUNK))


speak(
    {
        "report.received": _("A report of unlawful content came"),
        "report.decided": _("It was decided about a report of unlawful content"),
    },
    who={"report.decided": "organisation"},
    facts={
        "report": _("Report"),
        "decide_by": _("To be decided by"),
        "decision": _("Ruling"),
        "page": _("Which page"),
    },
    values={"decision": {str(one.value): one.label for one in Ruling}},
    days=["decide_by"],
    opaque=["report"],
    or_house=["report.decided"],
    of_anybody=["report.received"],
)
stands_in_rows({"report.received"}, _received, forgets=True)
stands_in_rows({"report.decided"}, _decided, forgets=True)
