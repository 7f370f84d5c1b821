"""What sources and participants say of a delivery, tied to nobody; and the snapshots of it that are published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from withus.compute.judging import Judged
from withus.core import codes
from withus.deliberation.models import Participant
from withus.public_log.rows import Told
from withus.recommendations.models import Delivery


class Judgement(models.Model):
    """Somebody who spoke says whether it is true. `mark` is keyed, and its key lies in her browser alone.

    It can be changed and taken back, without history; no time is stored, no account and no locator.
    """

    class Verdict(models.TextChoices):
        """What somebody says of a delivery."""

        TRUE = "true", _("It is true")
        NOT_TRUE = "not_true", _("It is not true")

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="judgements")
    mark = models.CharField(max_length=64)
    verdict = models.CharField(max_length=8, choices=Verdict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "mark"], name="one_judges_a_delivery_once")]


class TookPart(models.Model):
    """A participant was there when a body said that something is done: whoever comes later cannot judge it."""

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="took_part")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delivery", "participant"], name="a_participant_was_there_once")]


class LastCount(models.Model):
    """The counts at the last snapshot, from which the next step is measured; shown to nobody."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, related_name="last_count")
    true = models.PositiveIntegerField()
    not_true = models.PositiveIntegerField()
    counted_on = models.DateField()


class Tally(models.Model):
    """A snapshot as it was published: about how many spoke, and how many percent of them say that it is true."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="tallies")
    people = models.PositiveIntegerField()
    percent = models.PositiveSmallIntegerField()
    counted_on = models.DateField()

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint(fields=["delivery", "counted_on"], name="one_snapshot_a_day")]

    def fact(self) -> Judged:
        """The snapshot as it is weighed."""
        return Judged(self.people, self.percent)

    def told(self) -> Told:
        """What counting has left in the log."""
        of = self.delivery.recommendation
        facts: dict[str, object] = {"recommendation": of.code, "delivery": self.delivery.code, "people": self.people}
        facts |= {"percent": self.percent, "said_on": self.counted_on.isoformat()}
        return Told("delivery.judged", of.code, facts, self)
