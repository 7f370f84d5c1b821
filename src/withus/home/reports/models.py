"""A report of unlawful content, its clock and its decision. Nothing of who sent it."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from withus.core import clock, codes
from withus.public_log.rows import Told

URGENT, USUAL = datetime.timedelta(days=1), datetime.timedelta(days=7)  # to decide; the day of sending does not count


class Why(models.TextChoices):
    """What somebody says is wrong with it."""

    DANGER = "danger", _("it puts somebody’s life in danger")
    RECOGNISABLE = "recognisable", _("somebody can be recognised by it")
    SALE = "sale", _("something is sold that must not be sold")
    HATE = "hate", _("it stirs up hate against people")
    OTHER = "other", _("the law forbids it for another reason")

    @property
    def days(self) -> datetime.timedelta:
        """How long this house has to decide."""
        return URGENT if self in {Why.DANGER, Why.RECOGNISABLE} else USUAL


class Ruling(models.TextChoices):
    """What came of a report."""

    TAKEN_AWAY = "taken_away", _("taken away")
    LEFT = "left", _("left as it is")
    PASSED_ON = "passed_on", _("passed on to those who answer for it")


class Report(models.Model):
    """A report: which page of this host, what is wrong with it, and by when the stewards of this house decide.

    `digest` finds it for the address that its sender was shown. Once its words have gone, days and decision stay.
    """

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    code = models.CharField(max_length=16, unique=True, default=codes.code)  # in public; it opens nothing
    digest = models.CharField(max_length=64, unique=True, null=True)
    target = models.CharField(max_length=400, blank=True)
    why = models.CharField(max_length=16, choices=Why, blank=True)
    text = models.TextField(blank=True)
    received_on = models.DateField()
    decide_by = models.DateField()
    decision = models.CharField(max_length=16, choices=Ruling, blank=True)
    reasons = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("decide_by", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decision="", decided_on__isnull=True)
                | (~models.Q(decision="") & models.Q(decided_on__isnull=False)),
                name="a_decided_report_has_its_day",
            )
        ]

    @property
    def is_late(self) -> bool:
        """Whether its day has passed without a decision, computed whenever it is asked."""
        return self.decided_on is None and self.decide_by < clock.today()

    def told_received(self) -> Told:
        """What its arrival has left in the log: the clock in clear, the words as fingerprints."""
        facts = {"report": self.code, "decide_by": self.decide_by.isoformat(), "said_on": self.received_on.isoformat()}
        words = {"page": "target", "text": "text"}
        return Told("report.received", self.code, facts, self, words, is_public=False)

    def told_decided(self) -> Told:
        """What the decision has left in the log, with its reasons as a fingerprint."""
        day = self.decided_on.isoformat() if self.decided_on else ""
        facts = {"report": self.code, "decision": self.decision, "said_on": day}
        return Told("report.decided", self.code, facts, self, {"words": "reasons"}, is_public=False)
