"""What terms of reference state, field by field, in the order in which a page tells it."""

import datetime
from functools import reduce
from operator import and_
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from withus.compute.deadlines import Counting
from withus.public_log.wording import VALUES

LEAST_CAP = 10
TEXTS = (
    "mandate", "deliverables", "who_decides", "reporting_line", "legal_basis", "members", "member_term", "chair",
    "quorum", "rhythm", "interests", "confidentiality", "pay", "publication", "dissent_rule", "secretariat", "ending",
)  # fmt: skip
NUMBERS = ("peer_seats", "acknowledge_days", "reply_days", "question_days", "extension_days", "cap")
CHOSEN = ("kind", "peer_vote", "agenda_right", "counting", "region", "language")
DAYS = ("in_force_on", "review_on", "endorsed_on")
COUNTING = [(one.value, VALUES["counting"][one.value]) for one in Counting]
A_YEAR, HALF_A_YEAR, A_MONTH = 365, 183, 31
LIMITS = {  # of terms, and of laws that are named; for what is said from now on (docs/decisions/0042)
    "peer_seats": (0, 99),
    "acknowledge_days": (1, A_MONTH),
    "reply_days": (1, HALF_A_YEAR),
    "question_days": (1, HALF_A_YEAR),
    "extension_days": (0, HALF_A_YEAR),  # and never more than the answer itself has
    "cap": (LEAST_CAP, 1_000),
}
LONGEST = datetime.timedelta(days=3 * 365 + 1)  # until terms are looked at again
AHEAD = datetime.timedelta(days=365)  # until they begin to hold


class TermsKind(models.TextChoices):
    """What a body's table may do."""

    ADVISORY = "advisory", _("it advises")
    CO_DECISION = "co_decision", _("it decides together with the body")
    GOVERNING = "governing", _("it governs")


def _days(name: Any) -> Any:
    return models.PositiveSmallIntegerField(name)


def _within(name: str) -> models.Q:
    """What the database keeps: earlier terms could give a year, and stay as they are."""
    least, most = LIMITS[name]
    most = A_YEAR if name.endswith("_days") else most
    return models.Q((f"{name}__gte", least), (f"{name}__lte", most))


def _text(name: Any, *, blank: bool = True) -> Any:
    return models.TextField(name, blank=blank)


class Stated(models.Model):
    """Every field of terms that a body answers; the names are what pages call them."""

    kind = models.CharField(_("What kind it is"), max_length=12, choices=TermsKind)
    mandate = _text(_("What it is there for"), blank=False)
    deliverables = _text(_("What it has to deliver"))
    who_decides = _text(_("Who decides in the end"), blank=False)
    reporting_line = _text(_("To whom it reports"))
    legal_basis = _text(_("On which law or order it rests"))
    members = _text(_("Who its members are, and how they are appointed"))
    member_term = _text(_("For how long members are appointed"))
    chair = _text(_("Who chairs"))
    quorum = _text(_("How many have to be there"))
    rhythm = _text(_("How often it meets"))
    interests = _text(_("How conflicts of interest are declared"))
    confidentiality = _text(_("What stays confidential"))
    pay = _text(_("Expenses and pay"))
    publication = _text(_("How its advice is published"))
    dissent_rule = _text(_("What becomes of dissent"))
    secretariat = _text(_("Who does its paperwork"))
    ending = _text(_("Who may end it, and how"))
    peer_seats = _days(_("Seats for peers"))
    peer_vote = models.BooleanField(_("Peers vote"), default=False)
    agenda_right = models.BooleanField(_("Anyone seated can put items on the agenda"), default=False)
    acknowledge_days = _days(_("Days to say that a recommendation has arrived"))
    reply_days = _days(_("Days to answer a recommendation"))
    question_days = _days(_("Days to answer a formal question"))
    extension_days = _days(_("Days that can be added once"))
    counting = models.CharField(_("How days are counted"), max_length=8, choices=COUNTING)
    region = models.CharField(_("Whose public holidays count"), max_length=12, blank=True)
    cap = models.PositiveSmallIntegerField(_("How many can wait at once, for each organisation"), null=True, blank=True)
    in_force_on = models.DateField(_("In force from"))
    review_on = models.DateField(_("Looked at again by"))
    language = models.CharField(max_length=12, default="en")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cap__isnull=True) | _within("cap"),
                name="an_organisation_can_wait_for_ten_answers_at_least",
            ),
            models.CheckConstraint(
                condition=reduce(and_, (_within(name) for name in LIMITS if name != "cap")),
                name="terms_give_a_day_at_least_and_a_year_at_most",
            ),
            models.CheckConstraint(
                condition=models.Q(acknowledge_days__lte=models.F("reply_days")),
                name="to_say_that_it_has_arrived_takes_no_longer_than_the_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(review_on__gt=models.F("in_force_on")), name="terms_are_looked_at_after_they_begin"
            ),
        ]


# What each field is called, in the order in which a page tells it.
STATED = {field.name: field.verbose_name for field in Stated._meta.fields if field.name != "language"}
