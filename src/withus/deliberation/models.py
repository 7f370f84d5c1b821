"""Statements, votes that nobody can tie to a person, and the counts that are published of them."""

from hashlib import sha256

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from withus.core import codes
from withus.processes.models import Phase, Process
from withus.public_log.rows import Told


class Participant(models.Model):
    """Somebody in one process, by a random code. The tie to an account is keyed, and its key is not on this server."""

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    process = models.ForeignKey(Process, models.PROTECT, related_name="participants")
    code = models.CharField(max_length=16, unique=True, default=codes.code)
    tie = models.CharField(max_length=64, null=True, blank=True)
    is_paper = models.BooleanField(default=False)
    number = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["process", "tie"], name="a_person_takes_part_once_in_a_process"),
            models.UniqueConstraint(fields=["process", "number"], name="an_imported_participant_has_one_number"),
        ]


class StatementState(models.TextChoices):
    """Where a statement stands. Taken back, it is a tombstone without words."""

    PENDING = "pending", _("waiting for the peer editors")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("taken back")


class DeclineReason(models.TextChoices):
    """Why a statement may be declined; nothing else is a reason. IMPORTED is what Polis' files say, for no editor."""

    NAMES_SOMEBODY = "names_somebody", _("it names or points to a person")
    DUPLICATE = "duplicate", _("another statement says the same")
    UNCLEAR = "unclear", _("it says several things, or can't be agreed or disagreed with")
    OFF_TOPIC = "off_topic", _("it is about something else")
    HURTS = "hurts", _("it attacks a group of people")
    IMPORTED = "imported", _("it was declined before it came here, and no reason came with it")
    ADVERT = "advert", _("it advertises something")


class Statement(models.Model):
    """One sentence to agree with, disagree with, or pass."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    process = models.ForeignKey(Process, models.PROTECT, related_name="statements")
    number = models.PositiveBigIntegerField()
    proposed_by = models.ForeignKey(Participant, models.SET_NULL, null=True, blank=True, related_name="statements")
    is_seed = models.BooleanField(default=False)
    is_meta = models.BooleanField(default=False)
    text = models.TextField()
    language = models.CharField(max_length=12, default="en")
    state = models.CharField(max_length=10, choices=StatementState, default=StatementState.PENDING)
    proposed_on = models.DateField()
    decided_on = models.DateField(null=True, blank=True)
    decided_by_account = models.BigIntegerField(null=True, blank=True)
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    decline_words = models.TextField(blank=True)
    asked_by = ""  # the tie of whoever asks, while she asks; nothing of it is stored

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="a_statement_has_one_number_in_its_process"),
            models.CheckConstraint(
                condition=~models.Q(state="declined") | ~models.Q(decline_reason=""),
                name="a_declined_statement_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def organisation_code(self) -> str:
        """Whose business this is, for the policy."""
        return self.process.organisation.code

    @property
    def body_code(self) -> str:
        """The body that the process is about, for the policy; empty if it is about none."""
        return self.process.body_code

    @property
    def editors_code(self) -> str:
        """Who reads it, for the policy."""
        return self.process.editors_code

    @property
    def is_own(self) -> bool:
        """Whether whoever asks has proposed it, for the policy."""
        return bool(self.asked_by) and self.proposed_by is not None and self.proposed_by.tie == self.asked_by

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("statement", args=[self.process.code, self.code])

    def facts(self) -> dict[str, object]:
        """What the world reads of it in the log; its words enter as a commitment beside this."""
        return {"process": self.process.code, "statement": self.code, "number": self.number, "language": self.language}

    def told(self) -> Told:
        """What adding it has left in the log; taken back, both have no words any more."""
        what = "statement.seeded" if self.is_seed else "statement.proposed"
        day = {"said_on": self.proposed_on.isoformat()}
        return Told(
            what,
            self.code,
            self.facts() | day,
            self,
            {"text": "text"},
            later=frozenset(day),
            is_public=self.state == StatementState.ACCEPTED,
        )


class Appeal(models.Model):
    """Somebody asks that another peer editor looks again at a declined statement."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    statement = models.OneToOneField(Statement, models.PROTECT, related_name="appeal")
    reason = models.TextField()
    language = models.CharField(max_length=12, default="en")
    made_on = models.DateField()
    upheld = models.BooleanField(null=True, blank=True)
    answer = models.TextField(blank=True)
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(upheld__isnull=True) | ~models.Q(answer=""), name="a_decided_appeal_has_an_answer"
            )
        ]

    @property
    def organisation_code(self) -> str:
        """Whose business this is, for the policy."""
        return self.statement.organisation_code

    @property
    def body_code(self) -> str:
        """The body that the process is about, for the policy; empty if it is about none."""
        return self.statement.body_code

    @property
    def editors_code(self) -> str:
        """Who reads it, for the policy."""
        return self.statement.editors_code

    @property
    def decided_by_account(self) -> int | None:
        """Who decided first, for the policy."""
        return self.statement.decided_by_account

    def told(self) -> Told:
        """What asking has left in the log; only the peer editors read its words."""
        facts = {"process": self.statement.process.code, "statement": self.statement.code, "appeal": self.code}
        more = {"language": self.language, "said_on": self.made_on.isoformat()}
        words, later = {"reason": "reason"}, frozenset(more)
        return Told("statement.appealed", self.code, facts | more, self, words, later, is_public=False)


class Vote(models.Model):
    """Agree 1, disagree −1, pass 0: changeable, no history, no time. The table is WITHOUT ROWID on SQLite."""

    pk = models.CompositePrimaryKey("participant_id", "statement_id")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="votes", db_index=False)
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="votes", db_index=False)
    value = models.SmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["statement", "value"], name="votes_of_a_statement")]
        constraints = [
            models.CheckConstraint(condition=models.Q(value__in=(-1, 0, 1)), name="a_vote_is_agree_disagree_or_pass")
        ]


class TallyRelease(models.Model):
    """The counts of a statement's votes that pages are made from; they change only in large steps."""

    statement = models.OneToOneField(Statement, models.CASCADE, primary_key=True, related_name="released")
    agrees = models.PositiveIntegerField()
    disagrees = models.PositiveIntegerField()
    passes = models.PositiveIntegerField()
    on_paper = models.PositiveIntegerField(default=0)
    released_on = models.DateField()


class TurnoutRelease(models.Model):
    """The count of people in a process that pages are made from; it changes in the same large steps."""

    process = models.OneToOneField(Process, models.CASCADE, primary_key=True, related_name="turnout")
    people = models.PositiveIntegerField()
    on_paper = models.PositiveIntegerField(default=0)
    released_on = models.DateField()


class PaperBatch(models.Model):
    """Ballots typed in together. The browser made the token, so that sending the same batch twice counts once."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="paper_batches")
    token = models.CharField(max_length=40)
    entered_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["process", "token"], name="a_batch_of_ballots_counts_once")]


class SealedTally(models.Model):
    """The counts of a closed phase, as the bytes whose hash lies in the public log."""

    phase = models.OneToOneField(Phase, models.PROTECT, related_name="sealed_tally")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    def told(self) -> Told:
        """What sealing has left in the log: the fingerprint of these very bytes (none: they do not fit together)."""
        is_whole = self.sha256 == sha256(self.content.encode()).hexdigest()
        digest = self.sha256 if is_whole else ""
        facts = {"process": self.phase.process.code, "phase": self.phase.code, "sha256": digest}
        day = {"said_on": self.phase.sealed_on.isoformat()} if self.phase.sealed_on else {}
        return Told("tallies.sealed", self.phase.code, facts | day, self, later=frozenset(day))
