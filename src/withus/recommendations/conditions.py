"""When a body can say what: the conditions that several of its deeds share. For actions only."""

import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.acting import only_telling
from withus.compute.answering import Course, Outcome
from withus.compute.reasons import OF_A_REASON, says_enough
from withus.core.errors import Refused, all_at_once
from withus.pay.models import MOST_MINUTES
from withus.people.models import Organisation
from withus.people.queries import public_recognised_codes
from withus.policy.facts import Actor, Role
from withus.processes.models import Body
from withus.processes.others import only_from_tomorrow
from withus.recommendations import queries
from withus.recommendations.models import Commitment, Delivery, Draft, Recommendation, Serving
from withus.recommendations.own import Own
from withus.web.language import written_day

# The fields of an answer, and of its draft.
ANSWER = ("outcome", "reason", "language", "review_on", "passed_to", "transferred_to")
# What an answer has to tell, at least.
WRONG = _("Say what is wrong or needed, in a sentence or more.")
CHANGE = _("Say what should change, or what you want to know, in a sentence or more.")
EXPLAINED = _("Answer the question in a sentence or more.")
FOUND = _("Say what you saw, where and when, in a sentence or more.")
AGAINST = _("Say what you hold against the answer, in a sentence or more.")
UNKNOWN = _("Say what you need to know, in a sentence or more.")
REASON = _("Give a reason that others can understand: a sentence at least, not one word.")
LAW = _("Say which law and which article, or why this default is fair.")
MEASURE = _("Say what will be done, where and how, in a sentence or more.")
DONE = _("Say what was done, where and since when, in a sentence or more.")
LONGEST_DEFERRAL = datetime.timedelta(days=366)
TIME_TO_TELL = datetime.timedelta(days=28)  # that a letter has arrived: else its clock could have run out unseen
LONGEST_PROMISE = datetime.timedelta(days=3653)  # ten years
OLDEST_PROMISE = datetime.timedelta(days=18263)  # fifty years: of a law, a strategy or a declaration


def only_for_whom_one_speaks(actor: Actor, organisation: Organisation) -> None:
    """Raises Refused for an organisation in whose name the actor cannot speak."""
    if not (actor.is_system or queries.organisations_that_recommend(actor).filter(pk=organisation.pk).exists()):
        raise Refused(gettext("Choose an organisation for which you can speak."), "organisation")


def only_once_sent(recommendation: Recommendation) -> None:
    """Raises Refused while a letter is not served."""
    if recommendation.sent_on is None:
        raise Refused(gettext("Nobody has said yet that this letter was handed over. Its clock does not run."))


def only_a_true_day(letter: Recommendation, served_on: datetime.date) -> None:
    """Raises Refused for a day on which the letter cannot have arrived, or that nobody told in time."""
    today = letter.today()
    first, last = max(letter.written_on, today - TIME_TO_TELL), letter.sent_on or today
    is_told = not letter.is_letter or hasattr(letter, "serving") or letter.responses.exists()
    if is_told or first > last:
        raise Refused(gettext("The clock runs already. A day that was said cannot be said anew."))
    if not first <= served_on <= last:
        advice = gettext(
            "Choose a day from %(first)s to %(last)s. If it is longer ago than 28 days, hand the letter over once more."
        )
        raise Refused(advice % {"first": written_day(first), "last": written_day(last)}, "served_on")


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


def only_one_question(recommendation: Recommendation) -> None:
    """Raises Refused once the body has asked, or peers have answered what others asked in its name."""
    only_from_tomorrow(recommendation.body_id, recommendation.today())
    asked = getattr(recommendation, "question", None)
    if asked and (asked.answered_on or Own(recommendation).question):
        raise Refused(gettext("One question was asked already. Answer with what you know."))


def only_one_extension(recommendation: Recommendation, course: Course) -> None:
    """Raises Refused once the body has taken more time."""
    only_from_tomorrow(recommendation.body_id, recommendation.today())
    if course.extensions:
        raise Refused(gettext("The time was made longer once already. It cannot be done twice."))


def only_as_long_as_allowed(recommendation: Recommendation, course: Course, until: datetime.date) -> None:
    """Raises Refused for more time than the terms give, or for none."""
    allowed = course.extendable(Own(recommendation).extension_days, recommendation.today())
    if allowed and not allowed[0] < until <= allowed[1]:
        advice = gettext("Choose a day after %(due)s and not after %(last)s: the terms say so.")
        raise Refused(advice % {"due": written_day(allowed[0]), "last": written_day(allowed[1])}, "until")


def only_who_can_promise(actor: Actor, recommendation: Recommendation, source: str) -> Organisation:
    """Who says it: the body; or whoever sent it, of what a law, strategy or declaration promises. Raises Refused."""
    only_once_sent(recommendation)
    body, is_of_answer = recommendation.body, source == Commitment.Source.ANSWER
    if not actor.is_system and body.code not in actor.organisations(Role.DUTY_BEARER):
        if is_of_answer:
            advice = gettext(
                "Only the body itself promises in its answer. You can name what a law, strategy or declaration says."
            )
            raise Refused(advice, "source")
        if recommendation.organisation.code not in public_recognised_codes():
            raise Refused(gettext("Only a recognised peer organisation can name it. Another one can vouch for yours."))
        return recommendation.organisation
    if not is_of_answer and not actor.is_system:
        only_from_tomorrow(recommendation.body_id, recommendation.today())
    if is_of_answer and queries.public_course(recommendation).done_by() is None:
        raise Refused(gettext("Answer first that it is accepted, whole or in part. Then say what will be done."))
    return body.organisation


def only_in_our_time(due_on: datetime.date, day: datetime.date, source: str) -> None:
    """Raises Refused for a promise until a day that nobody will wait for, or that has passed; a law's may have."""
    if source == Commitment.Source.ANSWER and due_on < day:
        raise Refused(gettext("This day has passed. Choose one from today on."), "due_on")
    if due_on < day - OLDEST_PROMISE:
        raise Refused(gettext("That is more than fifty years ago. Look at the day of the promise once more."), "due_on")
    if due_on > day + LONGEST_PROMISE:
        advice = gettext("Nobody can check that far ahead. Choose a day until %(last)s, and promise the first step.")
        raise Refused(advice % {"last": written_day(day + LONGEST_PROMISE)}, "due_on")


def only_as_seen(draft: Draft, seen: str) -> None:
    """Raises Refused for a draft that was changed since it was read: nobody signs or sends what she has not seen."""
    if draft.mark() != seen:
        raise Refused(gettext("The answer is not the one that you saw: it was changed. Read it as it is now."))


def fit_answer(
    recommendation: Recommendation,
    outcome: str,
    reason: str,
    language: str,
    review_on: datetime.date | None,
    passed_to: Body | None,
    transferred_to: str,
) -> dict[str, object]:
    """The fields of an answer that may be given now; raises Refused."""
    only_once_sent(recommendation)
    if not queries.public_course(recommendation).is_waiting():
        raise Refused(gettext("There is an answer already. Better words can be put beside it, never over it."))
    is_put_off, is_passed_on = outcome == Outcome.DEFERRED, outcome == Outcome.TRANSFERRED
    with all_at_once() as check:
        check(only_telling, REASON, OF_A_REASON, reason=reason)
        if is_put_off:
            check(_only_once_until_a_day, recommendation, review_on)
        if is_passed_on:
            check(_only_to_somebody_else, recommendation, passed_to, transferred_to)
    return {
        "outcome": outcome,
        "reason": reason,
        "language": language,
        "review_on": review_on if is_put_off else None,
        "passed_to": passed_to if is_passed_on else None,
        "transferred_to": transferred_to if is_passed_on and not passed_to else "",
    }


def _only_once_until_a_day(recommendation: Recommendation, review_on: datetime.date | None) -> None:
    """Raises Refused for what was put off already, or until no day within a year."""
    day = recommendation.today()
    if recommendation.outcome == Outcome.DEFERRED:
        raise Refused(gettext("It was put off once already. Now it needs another answer."), "outcome")
    if not (review_on and day < review_on <= day + LONGEST_DEFERRAL):
        raise Refused(gettext("Say on which day you take it up again: from tomorrow, within a year."), "review_on")


def _only_to_somebody_else(recommendation: Recommendation, to: Body | None, words: str) -> None:
    """Raises Refused for what is passed on to nobody whom peers could find, or back to the body itself."""
    if to and to == recommendation.body:
        raise Refused(gettext("That is this body itself. Choose whoever can answer instead."), "passed_to")
    if not to and not says_enough(words):
        raise Refused(
            gettext("Choose the body to which it is passed on. If it is not here, write its name, office and place."),
            "transferred_to",
        )


def only_shown(how: str, words: str) -> None:
    """Raises Refused for a letter of which nothing shows that it has arrived."""
    is_number = how != Serving.How.WITNESS and any(sign.isdecimal() and int(sign) for sign in words)
    if not (says_enough(words) or is_number):
        raise Refused(gettext("Say which office took it, where, and who saw that, or give the post’s number."), "words")


def only_what_is_open(recommendation: Recommendation, named: Commitment | None) -> Commitment | None:
    """The promise that is said to be done, None for the whole that is asked; raises Refused for one that waits."""
    found = queries.public_whole().get(pk=recommendation.pk)
    course, open_ones = found.course(), found.open_promises()
    parts = course.parts()
    if not any(part.holds for part in parts):
        raise Refused(
            gettext(
                "Only what was accepted, or what a law, strategy or declaration promises, can be done. Answer first."
            )
        )
    if not any(part.is_open for part in parts):
        if any(part.waits_for_check for part in parts):
            raise Refused(gettext("You said so already. Now peers check it."))
        raise Refused(gettext("Peers say themselves that it is done. There is nothing left to say."))
    if named is None and course.is_whole_open:
        return None
    if len(open_ones) > 1 and named is None:
        raise Refused(
            gettext("Choose which promise is kept. Say each by itself, so that peers can check it."), "commitment"
        )
    if named is not None and named not in open_ones:
        raise Refused(gettext("Choose a promise that is still open."), "commitment")
    return named or next(iter(open_ones), None)


def only_what_can_be_checked(
    recommendation: Recommendation, named: Delivery | None, organisation: Organisation
) -> Delivery:
    """What the organisation checks: the body's last word on a promise, or on the whole; raises Refused."""
    last = queries.public_whole().get(pk=recommendation.pk).to_check()
    if not last:
        raise Refused(gettext("The body has not said yet that it is done. Then there is nothing to check."))
    if named is not None and named not in last:
        raise Refused(gettext("The body has said something newer since. Check that."), "delivery")
    asked = last if named is None else [named]
    left = [one for one in asked if all(check.organisation_id != organisation.pk for check in one.verifications.all())]
    if not left:
        raise Refused(gettext("Your organisation has checked this already. It can be checked once each time."))
    if len(left) > 1:
        raise Refused(gettext("Choose what you have checked: each promise is checked by itself."), "delivery")
    return left[0]


def only_pay_that_was_agreed(organisation: Organisation, payer: Organisation | None, minutes: int | None) -> None:
    """Raises Refused for a payer without a rate for checks, or for time that nobody can pay."""
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise Refused(gettext("Write the minutes of one day: from 1 to 1440."), "minutes")
    if payer is None:
        return
    if minutes is None:
        raise Refused(gettext("Say how many minutes the check took: they are what is paid."), "minutes")
    if all(rate.payer_id != payer.pk for rate in queries.public_rates_of_checks(organisation)):
        raise Refused(
            gettext("No rate for checks is agreed with them. Ask them for pay for the hours afterwards."), "payer"
        )


def only_another_day_than_done(recommendation: Recommendation, day: datetime.date) -> None:
    """Raises Refused for a promise on the day on which all was said to be done: days alone say what came first."""
    if recommendation.deliveries.filter(commitment=None, said_on=day).exists():
        raise Refused(gettext("All of it was said to be done today. What is promised beside it, say tomorrow."))
