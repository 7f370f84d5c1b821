"""What holds for a body without terms of its own, and who took its page over with a letter."""

from django.db import models

from withus.compute.deadlines import Counting
from withus.people.models import InviteBatch, Organisation
from withus.processes.models import Body
from withus.public_log.rows import Told
from withus.recommendations.models import Recommendation


class Norm(models.Model):
    """The law, or another stated default, that gives a body its deadlines, named by a peer organisation; in versions.

    It holds for what is sent afterwards, while the body has no terms of reference in force.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="norms")
    version = models.PositiveIntegerField()
    by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    words = models.TextField()
    language = models.CharField(max_length=12, default="en")
    acknowledge_days = models.PositiveSmallIntegerField()
    reply_days = models.PositiveSmallIntegerField()
    question_days = models.PositiveSmallIntegerField()
    extension_days = models.PositiveSmallIntegerField()
    counting = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Counting])
    region = models.CharField(max_length=12, blank=True)
    said_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "version"], name="a_norm_version_exists_once"),
            models.CheckConstraint(
                condition=models.Q(acknowledge_days__gte=1, reply_days__gte=1, question_days__gte=1),
                name="a_norm_gives_a_day_at_least",
            ),
        ]

    def told(self) -> Told:
        """The record that it left in the log; the words enter as a commitment."""
        numbers = ("version", "acknowledge_days", "reply_days", "question_days", "extension_days")
        facts = {
            "body": self.body.code,
            "by": self.by.code,
            **{name: getattr(self, name) for name in numbers},
            "counting": self.counting,
            "region": self.region,
            "language": self.language,
            "said_on": self.said_on.isoformat(),
        }
        return Told("norm.cited", self.body.code, facts, self, {"words": "words"})


class TakeOver(models.Model):
    """Somebody took the page of a body over with the code of a letter, and got a card for its first secretary."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="take_overs")
    letter = models.ForeignKey(Recommendation, models.PROTECT, related_name="take_overs")
    batch = models.ForeignKey(InviteBatch, models.SET_NULL, null=True, blank=True, related_name="take_overs")
    said_on = models.DateField()

    def told(self) -> Told:
        """The record that it left in the log."""
        facts = {"body": self.body.code, "recommendation": self.letter.code, "said_on": self.said_on.isoformat()}
        return Told("body.taken_over", self.body.code, facts, self)
