"""How records of letters and norms are told, and the rows in which they stand."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from withus.public_log.rows import RECKONINGS, Told, stands_in_rows
from withus.public_log.wording import OUTCOMES, speak
from withus.recommendations.letters.models import JoiningWord, Norm, TakeOver


def _norms() -> Iterator[Told]:
    for one in Norm.objects.select_related("body__organisation", "by").order_by("id"):
        yield one.told()


def _take_overs() -> Iterator[Told]:
    for one in TakeOver.objects.select_related("body__organisation", "letter").order_by("id"):
        yield one.told()


def _joining_words() -> Iterator[Told]:
    found = JoiningWord.objects.select_related("take_over__body__organisation", "take_over__letter", "letter")
    for one in found.prefetch_related("disowned").order_by("id"):
        yield one.told()


class CameIn:
    """Whoever came in with a letter: what her role's record says, held against what the take-over says."""

    def __init__(self) -> None:
        self.told: Counter[tuple[str, str]] = Counter()

    def record(self, record: Mapping[str, Any]) -> None:
        """Takes the next record, of whichever type."""
        facts = record.get("facts", {})
        if record.get("type") == "role.taken" and "opened_with" in facts:
            self.told[str(facts.get("organisation")), str(facts["opened_with"])] += 1

    def differences(self) -> Iterator[str]:
        """Take-overs that say otherwise than the records; of those of earlier versions nobody knows."""
        rows = TakeOver.objects.filter(is_used=True).values_list("body__organisation__code", "letter__code")
        used = Counter(rows)
        for body, letter in sorted(self.told.keys() | used.keys()):
            if used[body, letter] != self.told[body, letter]:
                yield f"{letter}: whether somebody came in to {body} with it differs, changed beside the log"


speak(
    {
        "joining.agreed": _("Those who answer for %(body)s have the letter %(recommendation)s too"),
        "joining.contested": _(
            "Somebody with the code of the letter %(recommendation)s says that those who answer for %(body)s are not it"
        ),
        "norm.cited": _("It was named what gives %(body)s its deadlines"),
        "body.taken_over": _("The page of %(body)s was taken over, with the code of the letter %(recommendation)s"),
    },
    who={
        "norm.cited": "by",
        "body.taken_over": "body",
        "joining.agreed": "body",
        "joining.contested": "by",  # nobody knows who: a body, it says
        "joining.settled": "by",  # this house
    },
    or_house={"joining.settled"},
    codes={"passed_to": "organisation", "opened_with": "recommendation"},
    facts={
        "question_days": _("Days to answer a formal question"),
        "norm_version": _("Version of the named law"),
        "papers": _("Papers that it names"),
        "passed_to": _("Passed on to"),
        "opened_with": _("Letter with which they came in"),
        "holds": _("They are the body, as this house found"),
        "roles_ended": _("How many roles ended, of each"),
        "was_paid": _("Whether it was paid"),
        "answers": _("Answers that were not those of the body, and count as none"),
    },
)
stands_in_rows({"norm.cited"}, _norms)
stands_in_rows({"body.taken_over"}, _take_overs)
stands_in_rows({"joining.agreed", "joining.contested", "joining.settled"}, _joining_words)
RECKONINGS.append(CameIn)
OUTCOMES["joining.settled"] = (
    "holds",
    {
        True: _("It was checked: those who answer for %(body)s are this body"),
        False: _("It was checked: those who answered for %(body)s were not this body, and their roles ended"),
    },
)
