"""Where a recommendation stands on a day, from dates and answers alone: nobody sets a state, the clock does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from withus.compute.deadlines import Calendar, Counting, Extension, Question, end, moved


class Outcome(StrEnum):
    """What a body can answer."""

    ACCEPTED = "accepted"
    IN_PART = "accepted_in_part"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    TRANSFERRED = "transferred"


YES = frozenset({Outcome.ACCEPTED, Outcome.IN_PART})


class Verdict(StrEnum):
    """What peers say of a delivery."""

    CONFIRMED = "confirmed"
    PARTLY = "partly"
    DISPUTED = "disputed"


class State(StrEnum):
    """Where a recommendation stands; OVERDUE, UNACKNOWLEDGED and LATE belong to the clock."""

    UNSERVED = "unserved"
    OPEN = "open"
    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    ASKED = "asked"
    OVERDUE = "overdue"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    TRANSFERRED = "transferred"
    ACCEPTED = "accepted"
    PROMISED = "promised"
    LATE = "late"
    DELIVERED = "delivered"
    CONFIRMED = "confirmed"
    PARTLY = "partly"
    DISPUTED = "disputed"


@dataclass(frozen=True)
class Clock:
    """The days that the terms in force at sending give, however they change later."""

    acknowledge_days: int
    reply_days: int
    counting: Counting
    calendar: Calendar

    def acknowledge_by(self, sent: date) -> date:
        """The last day for saying that it has arrived."""
        return end(sent, self.acknowledge_days, self.counting, self.calendar)

    def reply_by(self, sent: date) -> date:
        """The last day for the answer, before any extension or question."""
        return end(sent, self.reply_days, self.counting, self.calendar)


@dataclass(frozen=True)
class Response:
    """An answer: when, what, and for a deferral the day by which it is taken up again."""

    said_on: date
    outcome: Outcome
    review_on: date | None = None


@dataclass(frozen=True)
class Course:
    """All that happened to one recommendation, in the order of its days; `sent_on` is None until a letter is served."""

    clock: Clock
    sent_on: date | None
    acknowledged_on: date | None = None
    question: Question | None = None
    extensions: tuple[Extension, ...] = ()
    responses: tuple[Response, ...] = ()
    promised_by: tuple[date, ...] = ()
    delivered_on: tuple[date, ...] = ()
    verdicts: tuple[tuple[date, Verdict], ...] = ()  # of the last delivery, by day

    def due_on(self, day: date) -> date | None:
        """The last day for the answer, seen on the day; after a deferral the day of its review; None while unserved."""
        if self.sent_on is None:
            return None
        if self._deferral:
            return self._deferral.review_on
        events: tuple[Extension | Question, ...] = (*self.extensions, *((self.question,) if self.question else ()))
        return moved(self.clock.reply_by(self.sent_on), day, self.clock.calendar, *events)

    def is_waiting(self) -> bool:
        """Whether an answer is owed: none came yet, or the last one put it off."""
        return self.sent_on is not None and (not self.responses or self._deferral is not None)

    def days_silent(self, day: date) -> int:
        """Days past the deadline without an answer: 0 or more."""
        due = self.due_on(day)
        return max(0, (day - due).days) if due and self.is_waiting() else 0

    def stands_still(self, day: date) -> bool:
        """Whether the clock stops on this day for a question that nobody has answered."""
        question = self.question
        if question is None or question.answered_on is not None or not self.is_waiting():
            return False
        return day <= question.goes_on(self.clock.calendar)

    def state(self, day: date) -> State:
        """Where it stands on the day."""
        if self.sent_on is None:
            return State.UNSERVED
        if self.days_silent(day):
            return State.OVERDUE
        if not self.responses:
            return self._before_the_answer(self.sent_on, day)
        outcome = self.responses[-1].outcome
        return self._after_yes(day) if outcome in YES else State(outcome.value)

    def was_answered_in_time(self) -> bool:
        """Whether the first answer came on or before its day (I-02)."""
        if not self.responses or self.sent_on is None:
            return False
        first = self.responses[0].said_on
        due = Course(self.clock, self.sent_on, question=self.question, extensions=self.extensions).due_on(first)
        return due is not None and first <= due

    @property
    def _deferral(self) -> Response | None:
        last = self.responses[-1] if self.responses else None
        return last if last and last.outcome is Outcome.DEFERRED and last.review_on else None

    def _before_the_answer(self, sent: date, day: date) -> State:
        if self.stands_still(day):
            return State.ASKED
        if self.acknowledged_on or self.question or self.extensions:
            return State.ACKNOWLEDGED
        return State.UNACKNOWLEDGED if day > self.clock.acknowledge_by(sent) else State.OPEN

    def _after_yes(self, day: date) -> State:
        if self.delivered_on:
            return State(weighed(verdict for _, verdict in self.verdicts) or State.DELIVERED)
        done_by = self.done_by()
        if done_by and day > done_by:
            return State.LATE
        return State.PROMISED if self.promised_by else State.ACCEPTED

    def done_by(self) -> date | None:
        """The day by which a yes has to be done: the last that was promised; the reply's clock once more if none was.

        So a yes without a day is no way around I-03.
        """
        if not self.responses or self.responses[-1].outcome not in YES:
            return None
        return max(self.promised_by) if self.promised_by else self.clock.reply_by(self.responses[-1].said_on)


def weighed(verdicts: Iterable[Verdict]) -> Verdict | None:
    """One word for what several organisations found: one dispute disputes, one reservation makes it partly."""
    found = set(verdicts)
    order = (Verdict.DISPUTED, Verdict.PARTLY, Verdict.CONFIRMED)
    return next((verdict for verdict in order if verdict in found), None)
