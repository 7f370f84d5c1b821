"""A recommendation and everything that was said about it, each a row of its own that nobody edits.

Where it stands is stored nowhere: `compute.answering` says what its `course` means. The dates are kept, to be counted.
"""

import datetime
from collections.abc import Iterable
from dataclasses import fields
from hashlib import blake2b

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.compute import answering
from withus.compute.answering import Check, Course, Standing, State
from withus.compute.deadlines import Counting
from withus.compute.deadlines import Extension as MoreTime
from withus.compute.deadlines import Question as Asked
from withus.compute.sentences import first_sentence
from withus.core import clock, codes
from withus.people.models import Organisation
from withus.processes.models import Body
from withus.recommendations.own import Own


class Kind(models.TextChoices):
    """What is sent to a body; either has its own clock."""

    RECOMMENDATION = "recommendation", _("recommendation")
    QUESTION = "question", _("question")


class Recommendation(models.Model):
    """What a peer organisation asks a body to change, or to say; its clock is the one in force when it was sent."""

    code = models.CharField(max_length=32, unique=True, default=codes.code)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.RECOMMENDATION)
    body = models.ForeignKey(Body, models.PROTECT, related_name="recommendations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="recommendations")
    text = models.TextField()
    asked_change = models.TextField()
    papers = models.TextField(blank=True)  # where what it rests on can be read, a line for each
    language = models.CharField(max_length=12, default="en")
    written_on = models.DateField()
    is_letter = models.BooleanField(default=False)  # to a body for which nobody answered then
    sent_on = models.DateField(null=True, blank=True)  # none: a letter that nobody said has arrived
    terms_version = models.PositiveIntegerField(null=True, blank=True)  # of the terms that gave the clock
    norm_version = models.PositiveIntegerField(null=True, blank=True)  # else of the law; neither: this host states it
    acknowledge_days = models.PositiveSmallIntegerField()
    reply_days = models.PositiveSmallIntegerField()
    extension_days = models.PositiveSmallIntegerField()
    counting = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Counting])
    region = models.CharField(max_length=12, blank=True)
    # The fields of `compute.answering.Standing`, set by `settle` with each deed.
    acknowledge_by = models.DateField(null=True, blank=True)
    was_heard = models.BooleanField(default=False)
    still_until = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    owed_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    is_promised = models.BooleanField(default=False)
    done_by = models.DateField(null=True, blank=True)
    undone_by = models.DateField(null=True, blank=True)
    delivered_on = models.DateField(null=True, blank=True)
    verdict = models.CharField(max_length=12, blank=True)
    is_denied = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["body", "-written_on", "-id"], name="recommendations_of_a_body"),
            models.Index(fields=["body", "owed_on"], name="what_a_body_owes"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(acknowledge_days__gte=1, reply_days__gte=1), name="a_clock_gives_a_day_at_least"
            )
        ]

    def __str__(self) -> str:
        return first_sentence(self.text) or gettext("Words that were taken away")

    @property
    def organisation_code(self) -> str:
        """Whose recommendation it is, for the policy."""
        return self.organisation.code

    @property
    def body_code(self) -> str:
        """Who has to answer, for the policy."""
        return self.body.code

    def today(self) -> datetime.date:
        """The day in the body's time zone: there its deadlines end at 24:00."""
        return clock.today(self.body.time_zone)

    def arrived_on(self) -> datetime.date | None:
        """The first day on which a letter is said to have arrived, by its sender or by the body."""
        said = [getattr(self, name).served_on for name in ("serving", "acknowledgement") if hasattr(self, name)]
        return min((day for day in said if day), default=None)

    def answers(self) -> list["Response"]:
        """The answers in their order, without the better words beside them."""
        return [one for one in self.responses.all() if one.corrects_id is None]

    def open_promises(self) -> list["Commitment"]:
        """The promises of which the body can say that they are done."""
        is_open = {part.code for part in self.course().parts() if part.is_open}
        return [one for one in self.commitments.all() if one.code in is_open]

    def to_check(self) -> list["Delivery"]:
        """The body's last word on each promise, or on the whole: what peers can check."""
        last = {part.deliveries[-1].code for part in self.course().parts() if part.deliveries}
        return [one for one in self.deliveries.all() if one.code in last]

    def course(self) -> Course:
        """All that happened to it; reads what `queries.public_recommendations` has brought along."""
        own, said = Own(self), list(self.deliveries.all())
        question = own.question
        return Course(
            clock=own.clock,
            sent_on=self.sent_on,
            acknowledged_on=self.acknowledgement.said_on if hasattr(self, "acknowledgement") else None,
            question=Asked(question.asked_on, question.answered_on) if question else None,
            extensions=tuple(MoreTime(one.said_on, one.until) for one in own.extensions),
            responses=tuple(one.fact() for one in self.answers() if one.disowned_by_id is None),
            promises=tuple(one.fact(said) for one in own.promises),
            deliveries=tuple(one.fact() for one in said if one.commitment_id is None),
        )

    def standing(self) -> Standing:
        """The dates that say where it stands, as they are kept beside it."""
        kept = {name: getattr(self, name) for name in STANDING}
        kept |= {"outcome": answering.Outcome(self.outcome) if self.outcome else None}
        return Standing(**kept | {"verdict": State(self.verdict) if self.verdict else None})

    def settle(self, standing: Standing) -> None:
        """Takes over the dates that follow from its course."""
        for name in STANDING:
            value = getattr(standing, name)
            setattr(self, name, "" if value is None and name in {"outcome", "verdict"} else value)

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("recommendation", args=[self.code])


STANDING = tuple(one.name for one in fields(Standing))


class EvidenceKind(models.TextChoices):
    """What a recommendation rests on."""

    STATEMENT = "statement", _("a statement")
    RESULTS = "results", _("the results of a process")
    FINDING = "finding", _("a finding")


class Evidence(models.Model):
    """One thing that a recommendation rests on, by its public code."""

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=12, choices=EvidenceKind)
    subject = models.CharField(max_length=64)
    added_on = models.DateField()

    class Meta:
        ordering = ("id",)


class Serving(models.Model):
    """How a letter reached a body that never joined; from then on its clock runs."""

    class How(models.TextChoices):
        """The way of a letter."""

        HAND = "hand", _("handed over")
        POST = "post", _("sent by post")
        WITNESS = "witness", _("handed over before a witness")

    recommendation = models.OneToOneField(Recommendation, models.PROTECT, related_name="serving")
    how = models.CharField(max_length=8, choices=How)
    words = models.CharField(max_length=300)
    served_on = models.DateField()
    said_on = models.DateField()


class Acknowledgement(models.Model):
    """The body says that it has arrived."""

    recommendation = models.OneToOneField(Recommendation, models.PROTECT, related_name="acknowledgement")
    served_on = models.DateField(null=True, blank=True)  # of a letter, if this was the first word of its arrival
    said_on = models.DateField()


class Question(models.Model):
    """The one question back, and its answer."""

    recommendation = models.OneToOneField(Recommendation, models.PROTECT, related_name="question")
    text = models.TextField()
    language = models.CharField(max_length=12)
    asked_on = models.DateField()
    answer = models.TextField(blank=True)
    answer_language = models.CharField(max_length=12, blank=True)
    answered_on = models.DateField(null=True, blank=True)


class Extension(models.Model):
    """More time, with its public reason; one, at most."""

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="extensions")
    until = models.DateField()
    reason = models.TextField()
    language = models.CharField(max_length=12)
    said_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recommendation"], name="one_extension")]


class Outcome(models.TextChoices):
    """What a body can answer."""

    ACCEPTED = answering.Outcome.ACCEPTED.value, _("accepted")
    IN_PART = answering.Outcome.IN_PART.value, _("accepted in part")
    REJECTED = answering.Outcome.REJECTED.value, _("rejected")
    DEFERRED = answering.Outcome.DEFERRED.value, _("put off")
    TRANSFERRED = answering.Outcome.TRANSFERRED.value, _("passed on")


class Response(models.Model):
    """An answer with its reasons; a correction is a row beside it, with the words anew and the outcome as it was."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="responses")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    outcome = models.CharField(max_length=20, choices=Outcome)
    reason = models.TextField()
    language = models.CharField(max_length=12)
    review_on = models.DateField(null=True, blank=True)
    passed_to = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="passed_on_here")
    transferred_to = models.CharField(max_length=200, blank=True)  # else to whom, in words
    signers = models.PositiveSmallIntegerField(null=True, blank=True)  # who wrote and signed it; none: not known
    disowned_by = models.ForeignKey("JoiningWord", models.PROTECT, null=True, blank=True, related_name="disowned")
    said_on = models.DateField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(review_on__isnull=False) | ~models.Q(outcome="deferred"),
                name="what_is_put_off_is_taken_up_again",
            ),
            models.CheckConstraint(
                condition=models.Q(transferred_to="", passed_to__isnull=True) | models.Q(outcome="transferred"),
                name="only_what_is_passed_on_says_to_whom",  # two keys may take these words away
            ),
            models.CheckConstraint(
                condition=models.Q(signers__isnull=True) | models.Q(signers__in=(1, 2)),
                name="one_or_two_wrote_and_signed_an_answer",
            ),
        ]

    def fact(self) -> answering.Response:
        """The answer as the clock sees it."""
        return answering.Response(self.said_on, answering.Outcome(self.outcome), self.review_on)


class Draft(models.Model):
    """An answer that was written and not sent yet, for the body alone; a change takes the countersignature away."""

    recommendation = models.OneToOneField(Recommendation, models.CASCADE, related_name="draft")
    outcome = models.CharField(max_length=20, choices=Outcome)
    reason = models.TextField()
    language = models.CharField(max_length=12)
    review_on = models.DateField(null=True, blank=True)
    passed_to = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+")
    transferred_to = models.CharField(max_length=200, blank=True)  # else to whom, in words
    written_on = models.DateField()
    author = models.CharField(max_length=16, blank=True)  # a keyed mark of the account that wrote it last
    signed_on = models.DateField(null=True, blank=True)  # countersigned as it is by a duty bearer
    signers = models.PositiveSmallIntegerField(null=True, blank=True)  # how many wrote and signed it, once signed

    def mark(self) -> str:
        """Another one for each text that it can be: whoever signs says with it what she has read."""
        said = [self.outcome, self.reason, self.language, str(self.review_on), str(self.passed_to_id)]
        return blake2b("\0".join([*said, self.transferred_to]).encode(), digest_size=16).hexdigest()


class Commitment(models.Model):
    """What was promised: who, what measure, by which day, with what money, and where the promise stands."""

    class Source(models.TextChoices):
        """Where a promise was made."""

        ANSWER = "answer", _("in the answer")
        LAW = "law", _("in a law")
        STRATEGY = "strategy", _("in a strategy")
        DECLARATION = "declaration", _("in a declaration that the body has signed")

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="commitments")
    owner = models.CharField(max_length=120)
    measure = models.TextField()
    due_on = models.DateField()
    budget = models.CharField(max_length=200)
    source = models.CharField(max_length=12, choices=Source)
    source_words = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=12)
    said_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    said_on = models.DateField()

    class Meta:
        ordering = ("due_on", "id")

    def fact(self, said: Iterable["Delivery"]) -> answering.Promise:
        """The promise as the clock sees it, with what was said of it alone among all that was said to be done."""
        own = tuple(one.fact() for one in said if one.commitment_id == self.pk)
        of_answer, of_body = self.source == self.Source.ANSWER, self.said_by == self.recommendation.body.organisation
        return answering.Promise(self.said_on, self.due_on, own, self.code, of_answer, of_body)


class Delivery(models.Model):
    """The body says that one promise is kept; where nothing is promised, that it is done."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="deliveries")
    commitment = models.ForeignKey(Commitment, models.PROTECT, null=True, blank=True, related_name="deliveries")
    words = models.TextField()
    language = models.CharField(max_length=12)
    said_on = models.DateField()
    is_denied = models.BooleanField(default=False)  # called true, and not by those who spoke; set by `settle`

    class Meta:
        ordering = ("id",)
        verbose_name_plural = "deliveries"

    def fact(self) -> answering.Delivery:
        """The body's word as it is weighed, with the checks and with what those who spoke say."""
        checks = tuple(one.fact() for one in self.verifications.all())
        last = max(self.tallies.all(), key=lambda one: one.pk, default=None)
        return answering.Delivery(self.said_on, checks, self.code, last.fact() if last else None)


class Verdict(models.TextChoices):
    """What peers say of a delivery."""

    CONFIRMED = answering.Verdict.CONFIRMED.value, _("yes, it is done")
    PARTLY = answering.Verdict.PARTLY.value, _("partly")
    DISPUTED = answering.Verdict.DISPUTED.value, _("no, it is not done")


class Verification(models.Model):
    """A peer organisation says whether a delivery is true: the second key. Once for each delivery.

    Whether it was paid stands in the lines of pay about its code; before there were such, words of its own said so.
    """

    is_paid: bool  # by those lines; `queries.public_checks` brings it along

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="verifications")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="verifications")
    verdict = models.CharField(max_length=12, choices=Verdict)
    evidence = models.TextField()
    language = models.CharField(max_length=12)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    pay = models.CharField(max_length=120, blank=True)
    was_paid = models.BooleanField(null=True, blank=True)  # what those words seemed to say; it counts for nothing
    is_independent = models.BooleanField(default=True)  # the body did not pay the organisation on that day
    said_on = models.DateField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["delivery", "organisation"], name="one_verdict_a_delivery")]

    def fact(self) -> Check:
        """The check as it is weighed."""
        return Check(self.said_on, answering.Verdict(self.verdict), self.is_paid, self.is_independent)


class Dissent(models.Model):
    """What a peer organisation holds against an answer; it stays beside it."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    response = models.ForeignKey(Response, models.PROTECT, related_name="dissents")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    words = models.TextField()
    language = models.CharField(max_length=12)
    said_on = models.DateField()

    class Meta:
        ordering = ("id",)
