"""Which rows of people and organisations tell what the log must hold of them."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from withus.people.held import Held
from withus.people.models import Countersignature, FundingLink, Mandate
from withus.public_log.rows import RECKONINGS, Told, stands_in_rows, told_by
from withus.public_log.wording import speak

CHUNK = 500


def _mandates() -> Iterator[Told]:
    yield from told_by(Mandate.objects.select_related("organisation").iterator(CHUNK))


def _funding() -> Iterator[Told]:
    yield from told_by(FundingLink.objects.select_related("organisation", "payer").iterator(CHUNK))


def _countersignatures() -> Iterator[Told]:
    found = Countersignature.objects.select_related("mandate__organisation", "by")
    yield from told_by(found.iterator(CHUNK))


speak({}, facts={"said_on": _("Said on"), "about": _("About it"), "invented": _("Invented")}, days=["said_on"])
stands_in_rows({"mandate.published"}, _mandates)
stands_in_rows({"funding.declared"}, _funding)
stands_in_rows({"mandate.countersigned"}, _countersignatures)
RECKONINGS.append(Held)
