"""How records of findings are told, and the rows in which they stand."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.people.telling import CHUNK
from withus.public_log.rows import Told, stands_in_rows, told_by
from withus.public_log.telling import Named, names
from withus.public_log.wording import speak
from withus.voices.findings.models import Finding, Notice, Withdrawal
from withus.voices.wording import Kind

TYPES = {
    "finding.published": _("%(organisation)s published a finding: %(finding)s"),
    "finding.withdrawn": _("%(organisation)s took a finding back: %(finding)s"),
    "finding.told": _("%(organisation)s told those who spoke what became of %(finding)s, after %(recommendation)s"),
}


def _findings() -> Iterator[Told]:
    yield from told_by(Finding.objects.select_related("organisation").order_by("pk").iterator(CHUNK))


def _about(code: str) -> Iterator[Told]:
    yield from told_by(Finding.objects.select_related("organisation").filter(code=code))


def _withdrawals() -> Iterator[Told]:
    yield from told_by(Withdrawal.objects.select_related("finding__organisation").order_by("pk").iterator(CHUNK))


def _notices() -> Iterator[Told]:
    yield from told_by(Notice.objects.select_related("finding__organisation").order_by("pk").iterator(CHUNK))


def _named(codes: Collection[str]) -> dict[str, Named]:
    found = Finding.objects.filter(code__in=codes)
    return {
        one.code: Named(str(one), one.language, one.get_absolute_url(), is_title=True)
        if one.text
        else Named(gettext("words that were taken away"), "", one.get_absolute_url())
        for one in found
    }


stands_in_rows({"finding.published"}, _findings, forgets=True, about=_about)
stands_in_rows({"finding.withdrawn"}, _withdrawals)
stands_in_rows({"finding.told"}, _notices)
speak(
    TYPES,
    who=dict.fromkeys(TYPES, "organisation"),
    codes={"finding": "finding"},
    facts={"finding": _("Finding"), "finds": _("What it says"), "topic": _("What it is about")},
    values={"finds": {str(one.value): one.label for one in Kind}},
)
names("finding", _named)
