"""What is the body's own of all that was said for it: without what `processes.others` finds not to be."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from withus.compute.answering import Clock
from withus.compute.deadlines import Calendar, Counting
from withus.processes.board.queries import public_versions_of_others
from withus.processes.others import Days, days_of_others, is_within
from withus.recommendations.in_force import InForce, public_terms

if TYPE_CHECKING:
    from withus.recommendations.models import Commitment, Extension, Question, Recommendation


@dataclass(frozen=True)
class Own:
    """A recommendation, as far as the body itself acted on it."""

    of: "Recommendation"

    @cached_property
    def _others(self) -> list[Days]:
        return days_of_others(self.of.body_id)

    @cached_property
    def instead(self) -> InForce | None:
        """What held on the day it was written, if it was sent under terms that others adopted; else None."""
        of = self.of
        is_of_others = bool(self._others) and of.terms_version in public_versions_of_others(of.body)
        return public_terms(of.body, of.written_on) if is_of_others else None

    @property
    def clock(self) -> Clock:
        """The days that it was sent with, or those that held without the terms of others."""
        of, held = self.of, self.instead
        if held:
            return Clock(held.acknowledge_days, held.days(of.kind), held.counting, Calendar(held.region))
        return Clock(of.acknowledge_days, of.reply_days, Counting(of.counting), Calendar(of.region))

    @property
    def extension_days(self) -> int:
        """How much more time the body can take, once."""
        return self.instead.extension_days if self.instead else self.of.extension_days

    @property
    def question(self) -> "Question | None":
        """The question back that the body asked."""
        asked: Question | None = getattr(self.of, "question", None)
        return None if asked is None or is_within(self._others, asked.asked_on) else asked

    @property
    def extensions(self) -> "list[Extension]":
        """The time that the body took."""
        return [one for one in self.of.extensions.all() if not is_within(self._others, one.said_on)]

    @property
    def promises(self) -> "list[Commitment]":
        """What was promised, or named, by whoever could."""
        return [one for one in self.of.commitments.all() if not self.is_of_others(one)]

    @property
    def by_others(self) -> "list[Question | Extension]":
        """The question and the time that others took in its name, for the page."""
        asked: Question | None = getattr(self.of, "question", None)
        taken = [one for one in self.of.extensions.all() if is_within(self._others, one.said_on)]
        return [*taken, *([asked] if asked and self.question is None else [])]

    def is_of_others(self, promise: "Commitment") -> bool:
        """Whether others than the body named it in the body's name; one in an answer holds by the answer alone."""
        is_in_its_name = promise.said_by_id == self.of.body.organisation_id and promise.source != promise.Source.ANSWER
        return is_in_its_name and is_within(self._others, promise.said_on)
