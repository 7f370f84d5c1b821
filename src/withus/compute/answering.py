"""Where a recommendation stands on a day, from dates and answers alone: nobody sets a state, the clock does."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import reduce

from withus.compute.deadlines import Calendar, Counting, Extension, Question, end, moved
from withus.compute.weighing import NOTHING_FOUND, Found, combined
from withus.compute.weighing import Check as Check
from withus.compute.weighing import Delivery as Delivery
from withus.compute.weighing import State as State
from withus.compute.weighing import Verdict as Verdict


class Outcome(StrEnum):
    """What a body can answer."""

    ACCEPTED = "accepted"
    IN_PART = "accepted_in_part"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    TRANSFERRED = "transferred"


YES = frozenset({Outcome.ACCEPTED, Outcome.IN_PART})


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
class Promise:
    """What was promised on a day until another, by its code, and each time that this alone was said to be done."""

    said_on: date
    due_on: date
    deliveries: tuple[Delivery, ...] = ()
    code: str = ""
    is_of_answer: bool = True  # else it stands in a law, a strategy or a declaration, whatever the answer is
    is_of_body: bool = True  # else those named it who sent the recommendation


@dataclass(frozen=True)
class Part:
    """What has to be done by a day: one promise, by its code, or the whole where there is none."""

    due_on: date | None = None
    deliveries: tuple[Delivery, ...] = ()
    before: Found = NOTHING_FOUND  # what was found wrong with the whole before this was promised
    code: str = ""
    holds: bool = True  # what an answer promises does while the body's last answer is a yes; what a law does, always
    is_of_body: bool = True  # else those named it who sent the recommendation

    @property
    def delivered_on(self) -> date | None:
        """The day on which the body last said that it is done."""
        return self.deliveries[-1].said_on if self.deliveries else None

    @property
    def found(self) -> Found:
        """What peers found last: to say "done" once more takes no word of theirs away."""
        return reduce(Found.after, self.deliveries, self.before)

    @property
    def verdict(self) -> State | None:
        """The same in one word."""
        return self.found.word

    def denied(self) -> frozenset[str]:
        """The codes of its deliveries that organisations call true, and those who spoke do not."""
        found, codes = self.before, set()
        for one in self.deliveries:
            codes |= {one.code} if found.denies(one) else set()
            found = found.after(one)
        return frozenset(codes)

    @property
    def waits_for_check(self) -> bool:
        """Whether the body has said last that it is done, and no peer organisation has looked since."""
        return bool(self.deliveries) and not self.deliveries[-1].checks

    @property
    def is_open(self) -> bool:
        """Whether the body's word comes next: it never said that it is done, or peers looked and did not confirm."""
        return self.holds and not self.waits_for_check and self.verdict is not State.CONFIRMED

    @property
    def is_kept(self) -> bool:
        """Whether it is said to be done and not disputed; if said after its day, it needs the word of peers too."""
        said = self.delivered_on
        if said is None or self.verdict is State.DISPUTED:
            return False
        return self.due_on is None or said <= self.due_on or self.verdict in {State.CONFIRMED, State.PARTLY}

    def state(self, day: date) -> State:
        """Where it stands on the day."""
        if self.deliveries or self.verdict is State.DISPUTED:
            return self.verdict or State.DELIVERED
        return State.LATE if self.due_on and day > self.due_on else State.PROMISED


@dataclass(frozen=True)
class Standing:
    """The dates that say where a recommendation stands on any day. They change with deeds, never with the day."""

    acknowledge_by: date | None = None  # none: a letter that was not served
    was_heard: bool = False  # acknowledged, asked back or given more time
    still_until: date | None = None  # the clock stands still until then, for a question that nobody has answered
    due_on: date | None = None  # of the first answer
    owed_on: date | None = None  # by when an answer is owed; none: none is
    answered_on: date | None = None  # the first answer
    outcome: Outcome | None = None  # of the last answer
    is_promised: bool = False
    done_by: date | None = None  # by when a yes has to be done
    undone_by: date | None = None  # the first day by which something had to be done and is not; none: nothing is left
    delivered_on: date | None = None  # none: something that was promised was never said to be done
    verdict: State | None = None  # of all that was promised, the checks of each weighed
    is_denied: bool = False  # disputed by nobody but those who spoke: sources and participants

    def days_silent(self, day: date) -> int:
        """Days past the deadline without the answer that is owed: 0 or more."""
        return max(0, (day - self.owed_on).days) if self.owed_on else 0

    def was_answered_in_time(self) -> bool:
        """Whether the first answer came on or before its day (I-02)."""
        return bool(self.answered_on and self.due_on and self.answered_on <= self.due_on)

    def state(self, day: date) -> State:
        """Where it stands on the day."""
        if self.acknowledge_by is None:
            return State.UNSERVED
        if self.days_silent(day):
            return State.OVERDUE
        if self.outcome is None:
            return self._before_the_answer(self.acknowledge_by, day)
        return self._after_yes(day) if self.outcome in YES else State(self.outcome.value)

    def _before_the_answer(self, acknowledge_by: date, day: date) -> State:
        if self.still_until and day <= self.still_until:
            return State.ASKED
        if self.was_heard:
            return State.ACKNOWLEDGED
        return State.UNACKNOWLEDGED if day > acknowledge_by else State.OPEN

    def _after_yes(self, day: date) -> State:
        if self.delivered_on or self.verdict is State.DISPUTED:
            return self.verdict or State.DELIVERED
        if self.undone_by and day > self.undone_by:
            return State.LATE
        return State.PROMISED if self.is_promised else State.ACCEPTED


@dataclass(frozen=True)
class Course:
    """All that happened to one recommendation, in the order of its days; `sent_on` is None until a letter is served."""

    clock: Clock
    sent_on: date | None
    acknowledged_on: date | None = None
    question: Question | None = None
    extensions: tuple[Extension, ...] = ()
    responses: tuple[Response, ...] = ()
    promises: tuple[Promise, ...] = ()
    deliveries: tuple[Delivery, ...] = ()  # said of no single promise, but of the whole

    def standing(self) -> Standing:
        """The dates that follow from it."""
        if self.sent_on is None:
            return Standing()
        last = self.responses[-1] if self.responses else None
        parts = [one for one in self.parts() if one.holds]
        # Of what was accepted only the body's own promises, or the whole, say where it stands: a law that others name
        # beside it is due by itself, and neither stands for the whole nor takes it back.
        asked = [one for one in parts if one.is_of_body] if self._is_yes() else parts
        said = [one.delivered_on for one in asked if one.delivered_on]
        against = [one.found for one in asked if one.verdict is State.DISPUTED]
        return Standing(
            acknowledge_by=self.clock.acknowledge_by(self.sent_on),
            was_heard=bool(self.acknowledged_on or self.question or self.extensions),
            still_until=self._still_until(),
            due_on=self.due_on,
            owed_on=self.owed_on,
            answered_on=self.responses[0].said_on if self.responses else None,
            outcome=last.outcome if last else None,
            is_promised=bool(self.promised_by),
            done_by=self.done_by(),
            undone_by=self._undone_by(parts),
            delivered_on=max(said) if said and len(said) == len(asked) else None,
            verdict=combined(one.verdict for one in asked),
            is_denied=bool(against) and all(one.is_denied for one in against),
        )

    @property
    def due_on(self) -> date | None:
        """The last day for the first answer, with more time and questions; None while a letter is not served."""
        if self.sent_on is None:
            return None
        events: tuple[Extension | Question, ...] = (*self.extensions, *((self.question,) if self.question else ()))
        return moved(self.clock.reply_by(self.sent_on), self.clock.calendar, *events)

    @property
    def owed_on(self) -> date | None:
        """By when an answer is owed: the first one's day, after a deferral that of its review; None if none is owed."""
        if not self.responses:
            return self.due_on
        last = self.responses[-1]
        return last.review_on if last.outcome is Outcome.DEFERRED else None

    def extendable(self, days: int, today: date) -> tuple[date, date] | None:
        """After which day and until which more time of so many days can be taken; None while a letter is not served.

        A question that is still open counts only with the days for which the clock has stood still so far: the rest of
        its pause is nobody's yet, and would otherwise be kept by a body that is answered at once.
        """
        asked = self.question and replace(self.question, answered_on=self.question.answered_on or today)
        due = replace(self, question=asked).due_on
        return (due, due + timedelta(days=days)) if due else None

    def closed_on(self) -> date | None:
        """Since when nothing more is to come: an answer that is no yes, or all of it confirmed. None: something is.

        What a law promises has to be kept whatever the answer is, so it keeps a "no" open too.
        """
        parts = [one for one in self.parts() if one.holds]
        if not self.responses or self.owed_on or any(one.verdict is not State.CONFIRMED for one in parts):
            return None
        checked = (check.said_on for part in parts for one in part.deliveries for check in one.checks)
        return max([self.responses[-1].said_on, *checked])

    def is_waiting(self) -> bool:
        """Whether an answer is owed: none came yet, or the last one put it off."""
        return self.owed_on is not None

    def days_silent(self, day: date) -> int:
        """Days past the deadline without the answer that is owed: 0 or more."""
        return self.standing().days_silent(day)

    def state(self, day: date) -> State:
        """Where it stands on the day."""
        return self.standing().state(day)

    def done_by(self) -> date | None:
        """The day by which a yes has to be done: the first that was promised; the reply's clock once more if none was.

        So neither a yes without a day nor a later promise beside an older one is a way around I-03.
        """
        if not self._is_yes():
            return None
        return min(self.promised_by) if self.promised_by else self.clock.reply_by(self.responses[-1].said_on)

    @property
    def promised_by(self) -> tuple[date, ...]:
        """The days of the promises that were made in time: one that is made later moves nothing that has to be done.

        Nor does one that others than the body name, or one whose day had passed: I-03 asks about what was accepted.
        """
        last = self.clock.reply_by(self.responses[-1].said_on) if self.responses else date.max
        found = (one for one in self.promises if one.is_of_body and (self._holds(one) or not self.responses))
        return tuple(one.due_on for one in found if one.said_on <= min(last, one.due_on))

    def parts(self) -> tuple[Part, ...]:
        """What has to be done: each promise by itself, and the whole where the body promised nothing that holds."""
        found = tuple(self._part(one) for one in self.promises)
        whole = Part(self.done_by(), self._said_of_all(), holds=self._is_yes())
        is_parted = any(one.holds and (one.is_of_body or not whole.holds) for one in found)
        return found if is_parted else (*found, whole)

    @property
    def is_whole_open(self) -> bool:
        """Whether the body can say of all that is asked that it is done, not of a promise alone."""
        return any(one.is_open and not one.code for one in self.parts())

    def _part(self, promise: Promise) -> Part:
        """A promise with what was said of it.

        "Done", said of the whole, holds for each promise made up to that day. What peers found wrong with it stays with
        each that is made later, until they check that one: else a new promise would lift a dispute.
        """
        of_all = self._said_of_all()
        said = tuple(one for one in of_all if one.said_on >= promise.said_on)
        before = reduce(Found.after, (one for one in of_all if one.said_on < promise.said_on), NOTHING_FOUND)
        is_first = promise.is_of_body and not self.promised_by
        return Part(
            min(promise.due_on, self.done_by() or promise.due_on) if is_first else promise.due_on,
            (*said, *promise.deliveries),
            before if before.word in {State.DISPUTED, State.PARTLY} else Found(is_no=before.is_no),
            promise.code,
            self._holds(promise),
            promise.is_of_body,
        )

    def _holds(self, promise: Promise) -> bool:
        """Whether it has to be kept; what was promised before the body's first answer was not promised in it."""
        return not promise.is_of_answer or (self._is_yes() and promise.said_on >= self.responses[0].said_on)

    def _is_yes(self) -> bool:
        return bool(self.responses) and self.responses[-1].outcome in YES

    def _said_of_all(self) -> tuple[Delivery, ...]:
        """ "Done", said of the whole since the body's first answer: before that nobody had said that it would be."""
        return tuple(one for one in self.deliveries if self.responses and one.said_on >= self.responses[0].said_on)

    def _undone_by(self, parts: Iterable[Part]) -> date | None:
        """The first day by which something has to be done that is not: of a yes, or of what a law promises."""
        return min((one.due_on for one in parts if one.due_on and not one.is_kept), default=None)

    def _still_until(self) -> date | None:
        question = self.question
        is_open = question is not None and question.answered_on is None and not self.responses
        return question.goes_on(self.clock.calendar) if question and is_open else None
