"""What holds for a body without terms of its own, and who took its page over with a letter."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from withus.compute.deadlines import Counting
from withus.people.held import ROLES_ENDED
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
    is_used = models.BooleanField(null=True, default=False)  # whether somebody came in with it; none: nobody wrote it
    said_on = models.DateField()

    def joined(self) -> "Joined":
        """What is known of those who came in with it; the host's word last, then a doubt, then a second letter."""
        said = {one.kind for one in self.words.all()}
        return next((one for one in reversed(Joined) if one in said), Joined.ALONE)

    def last_word(self) -> "JoiningWord | None":
        """The last word that makes it what it is now."""
        return next((one for one in reversed(list(self.words.all())) if one.kind == self.joined()), None)

    def told(self) -> Told:
        """The record that it left in the log."""
        facts = {"body": self.body.code, "recommendation": self.letter.code, "said_on": self.said_on.isoformat()}
        return Told("body.taken_over", self.body.code, facts, self)


class Joined(models.TextChoices):
    """What is known of those who answer for a body with the code of a letter; what stands later outweighs the rest."""

    ALONE = "alone", _("with one letter")
    AGREED = "agreed", _("with letters of two organisations")
    CONTESTED = "contested", _("contested")
    HELD = "held", _("checked by this host")
    OUSTED = "ousted", _("not the body, says this host")


IN_DOUBT = frozenset({Joined.CONTESTED, Joined.OUSTED})  # each answer says so
SETTLED = frozenset({Joined.HELD, Joined.OUSTED})  # no letter says anything more


class JoiningWord(models.Model):
    """About those who took a page over: a second letter agrees, somebody contests it, or the host has checked."""

    take_over = models.ForeignKey(TakeOver, models.PROTECT, related_name="words")
    kind = models.CharField(max_length=12, choices=Joined)
    letter = models.ForeignKey(Recommendation, models.PROTECT, null=True, blank=True, related_name="words")
    reason = models.TextField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    roles_ended = models.JSONField(default=dict)  # how many of each, when the host found that it is not the body
    said_on = models.DateField()

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "joining words"
        constraints = [
            models.UniqueConstraint(fields=["take_over", "kind", "letter"], name="a_letter_says_it_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=("agreed", "contested"), letter__isnull=False)
                | models.Q(kind__in=("held", "ousted"), letter__isnull=True),
                name="letters_speak_and_so_does_the_host",
            ),
        ]

    def told(self) -> Told:
        """The record that it left in the log; the reason enters as a commitment."""
        opened = self.take_over
        facts: dict[str, object] = {"body": opened.body.code, "opened_with": opened.letter.code}
        facts |= {"said_on": self.said_on.isoformat()}
        if self.letter:
            facts["recommendation"] = self.letter.code
        if self.kind in SETTLED:
            facts["holds"] = self.kind == Joined.HELD
        if self.roles_ended:
            facts[ROLES_ENDED] = self.roles_ended
        if answers := sorted(one.code for one in self.disowned.all()):
            facts["answers"] = answers
        if self.kind == Joined.AGREED:
            return Told("joining.agreed", opened.body.code, facts, self)
        type = "joining.settled" if self.kind in SETTLED else "joining.contested"
        return Told(type, opened.body.code, facts | {"language": self.language}, self, {"reason": "reason"})
