"""How the snapshots of judgements are told, and the rows in which they stand."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from withus.public_log.rows import Told, stands_in_rows, told_by
from withus.public_log.wording import speak
from withus.recommendations.judging.models import Tally


def _tallies() -> Iterator[Told]:
    yield from told_by(Tally.objects.select_related("delivery__recommendation").order_by("id"))


speak(
    {"delivery.judged": _("It was counted what those who spoke say: whether what %(recommendation)s asks is done")},
    facts={
        "people": _("About how many spoke, in tens"),
        "percent": _("How many percent of them say that it is true, in steps of five"),
    },
)
stands_in_rows({"delivery.judged"}, _tallies)
