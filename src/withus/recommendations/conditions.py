"""When a body can say what: the conditions that several of its deeds share. For actions only."""

import datetime

from django.utils.translation import gettext

from withus.compute.answering import Course, Outcome
from withus.compute.reasons import says_enough
from withus.core.errors import Refused
from withus.people.models import Organisation
from withus.policy.facts import Actor
from withus.recommendations import queries
from withus.recommendations.models import Recommendation
from withus.web.language import written_day

ANSWER = ("outcome", "reason", "language", "review_on", "transferred_to")  # the fields of an answer, and of its draft
LONGEST_DEFERRAL = datetime.timedelta(days=366)


def only_for_whom_one_speaks(actor: Actor, organisation: Organisation) -> None:
    """Raises Refused for an organisation in whose name the actor cannot speak."""
    if not (actor.is_system or queries.organisations_that_recommend(actor).filter(pk=organisation.pk).exists()):
        raise Refused(gettext("Choose an organisation for which you can speak."), "organisation")


def only_once_sent(recommendation: Recommendation) -> None:
    """Raises Refused while a letter is not served."""
    if recommendation.sent_on is None:
        raise Refused(gettext("Nobody has said yet that this letter was handed over. Its clock does not run."))


def only_while_running(recommendation: Recommendation) -> Course:
    """What has happened so far; raises Refused once there is an answer, or the deadline has ended."""
    only_once_sent(recommendation)
    course, day = queries.public_course(recommendation), recommendation.today()
    due = course.due_on
    if course.responses or due is None:
        raise Refused(gettext("There is an answer already."))
    if day > due:
        raise Refused(
            gettext("The deadline ended on %(due)s. Only an answer ends the silence.") % {"due": written_day(due)}
        )
    return course


def only_as_long_as_allowed(recommendation: Recommendation, course: Course, until: datetime.date) -> None:
    """Raises Refused for more time than the terms give, or for none."""
    allowed = course.extendable(recommendation.extension_days, recommendation.today())
    if allowed and not allowed[0] < until <= allowed[1]:
        advice = gettext("Choose a day after %(due)s and not after %(last)s: the terms say so.")
        raise Refused(advice % {"due": written_day(allowed[0]), "last": written_day(allowed[1])}, "until")


def only_with_reason(reason: str) -> None:
    """Raises Refused for a reason that says nothing."""
    if not says_enough(reason):
        raise Refused(gettext("Give a reason that others can understand: a sentence at least, not one word."), "reason")


def fit_answer(
    recommendation: Recommendation,
    outcome: str,
    reason: str,
    language: str,
    review_on: datetime.date | None,
    transferred_to: str,
) -> dict[str, object]:
    """The fields of an answer that may be given now; raises Refused."""
    only_once_sent(recommendation)
    if not queries.public_course(recommendation).is_waiting():
        raise Refused(gettext("There is an answer already. Better words can be put beside it, never over it."))
    only_with_reason(reason)
    day, is_put_off = recommendation.today(), outcome == Outcome.DEFERRED
    if is_put_off and recommendation.outcome == Outcome.DEFERRED:
        raise Refused(gettext("It was put off once already. Now it needs another answer."), "outcome")
    if is_put_off and not (review_on and day < review_on <= day + LONGEST_DEFERRAL):
        raise Refused(gettext("Say on which day you take it up again: from tomorrow, within a year."), "review_on")
    if outcome == Outcome.TRANSFERRED and not transferred_to:
        raise Refused(gettext("Say to whom it is passed on."), "transferred_to")
    return {
        "outcome": outcome,
        "reason": reason,
        "language": language,
        "review_on": review_on if is_put_off else None,
        "transferred_to": transferred_to if outcome == Outcome.TRANSFERRED else "",
    }
