"""How records of bodies are told, and the rows in which they stand."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from withus.processes.models import BodyEnd
from withus.public_log.rows import Told, stands_in_rows
from withus.public_log.wording import speak


def _ends() -> Iterator[Told]:
    for one in BodyEnd.objects.select_related("body__organisation", "successor__organisation").order_by("id"):
        yield one.told()


speak(
    {"body.closed": _("%(body)s was closed")},
    who={"body.closed": "body"},
    codes={"successor": "organisation"},
    facts={"successor": _("Who takes its place"), "said_on": _("Said on")},
    days=("said_on",),
)
stands_in_rows({"body.closed"}, _ends)
