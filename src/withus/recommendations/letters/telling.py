"""How records of letters and norms are told, and the rows in which they stand."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from withus.public_log.rows import Told, stands_in_rows
from withus.public_log.wording import speak
from withus.recommendations.letters.models import Norm, TakeOver


def _norms() -> Iterator[Told]:
    for one in Norm.objects.select_related("body__organisation", "by").order_by("id"):
        yield one.told()


def _take_overs() -> Iterator[Told]:
    for one in TakeOver.objects.select_related("body__organisation", "letter").order_by("id"):
        yield one.told()


speak(
    {
        "norm.cited": _("It was named what gives %(body)s its deadlines"),
        "body.taken_over": _("The page of %(body)s was taken over, with the code of the letter %(recommendation)s"),
    },
    who={"norm.cited": "by", "body.taken_over": "body"},
    codes={"passed_to": "organisation"},
    facts={
        "question_days": _("Days to answer a formal question"),
        "norm_version": _("Version of the named law"),
        "papers": _("Papers that it names"),
        "passed_to": _("Passed on to"),
        "was_paid": _("Whether it was paid"),
    },
)
stands_in_rows({"norm.cited"}, _norms)
stands_in_rows({"body.taken_over"}, _take_overs)
