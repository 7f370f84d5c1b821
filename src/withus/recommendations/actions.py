"""What peer organisations ask and check, and what bodies answer: each deed once, in public, never to be edited."""

import datetime
from collections.abc import Mapping

from django.utils.formats import date_format
from django.utils.translation import gettext

from withus.acting import Record, acting
from withus.compute.answering import YES
from withus.compute.reasons import says_enough
from withus.core import codes
from withus.core.errors import Refused
from withus.people.models import Organisation
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action
from withus.recommendations import evidence as resting
from withus.recommendations import queries
from withus.recommendations.conditions import (
    fit_answer,
    only_for_whom_one_speaks,
    only_once_sent,
    only_while_running,
    only_with_reason,
)
from withus.recommendations.models import (
    Acknowledgement,
    Commitment,
    Delivery,
    Dissent,
    Draft,
    Evidence,
    Extension,
    Kind,
    Question,
    Recommendation,
    Response,
    Serving,
    Verification,
)
from withus.recommendations.queries import Addressee, Checkable

ORGANISATION, BODY = ActorKind.ORGANISATION, ActorKind.BODY


def _write(
    record: Record,
    what: str,
    of: Recommendation,
    facts: Mapping[str, object],
    by: ActorKind = ORGANISATION,
    **texts: str,
) -> None:
    """The public record of something said about a recommendation; words enter as commitments, so that two keys can
    take them away."""
    if by is BODY:
        facts = {**facts, "body": of.body.code}
    record(what, {"recommendation": of.code, **facts}, by=by, body=of.body.code, subject=of.code, texts=texts)


def recommend(
    actor: Actor,
    addressee: Addressee,
    *,
    organisation: Organisation,
    text: str,
    asked_change: str,
    language: str,
    evidence: str = "",
    kind: str = Kind.RECOMMENDATION,
    code: str = "",
) -> Recommendation:
    """Sends a recommendation or a formal question; a body that never joined gets it as a letter, see `serve`.

    `evidence` is a line for each thing. A refusal under the terms' cap is in the public log. Raises Refused, Denied.
    """
    with acting(actor, Action.RECOMMEND, addressee) as record:
        body = addressee.held()  # two at once are counted one after the other
        only_for_whom_one_speaks(actor, organisation)
        if not says_enough(text):
            raise Refused(gettext("Say what is wrong or needed, in a sentence or more."), "text")
        rests, terms = resting.read(evidence), queries.public_terms(body)
        made = Recommendation(code=code or codes.code(), kind=kind, body=body, organisation=organisation)
        made.text, made.asked_change, made.language, made.written_on = text, asked_change, language, made.today()
        made.sent_on = made.written_on if addressee.has_joined() else None
        made.keep(terms.clock_fields())
        capped = terms.cap is not None and queries.public_waiting(body, organisation) >= terms.cap
        if capped:
            facts = {"organisation": organisation.code, "body": body.code, "cap": terms.cap}
            record("recommendation.capped", facts, by=ActorKind.SYSTEM, body=body.code, subject=body.code)
        else:
            made.save()
            Evidence.objects.bulk_create(rest.row(made) for rest in rests)
            rests_on = {"evidence": [rest.subject or rest.words for rest in rests]}
            what = "recommendation.sent" if made.sent_on else "recommendation.written"
            _write(record, what, made, made.facts() | rests_on, text=text, asked_change=asked_change)
    if capped:  # only now: the refusal itself stays in the log
        says = gettext("The terms let an organisation wait for %(number)d answers at once. The log says you asked.")
        raise Refused(says % {"number": terms.cap})
    return made


def serve(actor: Actor, recommendation: Recommendation, *, how: str, words: str, served_on: datetime.date) -> None:
    """Says how and when the letter reached a body that never joined: its clock runs from then.

    Raises Refused, Denied.
    """
    with acting(actor, Action.SERVE, recommendation) as record:
        if recommendation.sent_on:
            raise Refused(gettext("The clock runs already. A day that was said cannot be said anew."))
        if not recommendation.written_on <= served_on <= recommendation.today():
            raise Refused(gettext("Choose a day from when it was written until today."), "served_on")
        recommendation.sent_on = served_on
        recommendation.save(update_fields=["sent_on"])
        today = recommendation.today()
        Serving.objects.create(recommendation=recommendation, how=how, words=words, served_on=served_on, said_on=today)
        _write(
            record,
            "recommendation.served",
            recommendation,
            {"how": how, "served_on": served_on.isoformat()},
            words=words,
        )


def explain(actor: Actor, recommendation: Recommendation, *, answer: str, language: str) -> None:
    """Answers the body's question back; its clock goes on. Raises Refused, Denied."""
    with acting(actor, Action.EXPLAIN, recommendation) as record:
        question = getattr(recommendation, "question", None)
        if question is None or question.answered_on:
            raise Refused(gettext("There is no question that waits for you."))
        question.answer, question.answer_language = answer, language
        question.answered_on = recommendation.today()
        question.save(update_fields=["answer", "answer_language", "answered_on"])
        _write(record, "question.answered", recommendation, {}, answer=answer)


def verify(
    actor: Actor,
    checkable: Checkable,
    *,
    organisation: Organisation,
    verdict: str,
    evidence: str,
    language: str,
    minutes: int | None = None,
    pay: str = "",
) -> Verification:
    """Says for a recognised peer organisation whether the last delivery is true: the second key.

    Raises Refused, Denied.
    """
    recommendation = checkable.recommendation
    with acting(actor, Action.VERIFY, checkable) as record:
        only_for_whom_one_speaks(actor, organisation)
        delivery = Delivery.objects.select_for_update().filter(recommendation=recommendation).last()
        if delivery is None:
            raise Refused(gettext("The body has not said yet that it is done. Then there is nothing to check."))
        if delivery.verifications.filter(organisation=organisation).exists():
            raise Refused(gettext("Your organisation has checked this already. It can be checked once each time."))
        if not says_enough(evidence):
            raise Refused(gettext("Say what you saw, where and when, in a sentence or more."), "evidence")
        made = Verification.objects.create(
            delivery=delivery,
            organisation=organisation,
            verdict=verdict,
            evidence=evidence,
            language=language,
            minutes=minutes,
            pay=pay,
            said_on=recommendation.today(),
        )
        facts: dict[str, object] = {
            "organisation": organisation.code,
            "verdict": verdict,
            "minutes": minutes,
            "pay": pay,
        }
        _write(record, "delivery.verified", recommendation, facts, evidence=evidence)
    return made


def dissent(actor: Actor, recommendation: Recommendation, *, words: str, language: str) -> Dissent:
    """Puts the organisation's dissent beside the last answer, where it stays. Raises Refused, Denied."""
    with acting(actor, Action.DISSENT, recommendation) as record:
        response = Response.objects.filter(recommendation=recommendation, corrects=None).last()
        if response is None:
            raise Refused(gettext("There is no answer yet that you could disagree with."))
        made = Dissent.objects.create(
            response=response,
            organisation=recommendation.organisation,
            words=words,
            language=language,
            said_on=recommendation.today(),
        )
        _write(record, "dissent.said", recommendation, {"organisation": recommendation.organisation.code}, words=words)
    return made


def acknowledge(actor: Actor, recommendation: Recommendation) -> None:
    """Says for the body that it has arrived. Raises Refused, Denied."""
    with acting(actor, Action.ACKNOWLEDGE, recommendation) as record:
        only_once_sent(recommendation)
        if hasattr(recommendation, "acknowledgement"):
            raise Refused(gettext("It was acknowledged already."))
        Acknowledgement.objects.create(recommendation=recommendation, said_on=recommendation.today())
        _write(record, "recommendation.acknowledged", recommendation, {}, BODY)


def clarify(actor: Actor, recommendation: Recommendation, *, question: str, language: str) -> None:
    """Asks the one question back; the clock stands still until it is answered, ten working days at most.

    Raises Refused, Denied.
    """
    with acting(actor, Action.CLARIFY, recommendation) as record:
        only_while_running(recommendation)
        if hasattr(recommendation, "question"):
            raise Refused(gettext("One question was asked already. Answer with what you know."))
        if not says_enough(question):
            raise Refused(gettext("Say what you need to know, in a sentence or more."), "question")
        day = recommendation.today()
        Question.objects.create(recommendation=recommendation, text=question, language=language, asked_on=day)
        _write(record, "question.asked", recommendation, {}, BODY, question=question)


def extend(actor: Actor, recommendation: Recommendation, *, until: datetime.date, reason: str, language: str) -> None:
    """Takes more time, once, before the deadline has ended, with a reason that all can read. Raises Refused, Denied."""
    with acting(actor, Action.EXTEND, recommendation) as record:
        due = only_while_running(recommendation)
        if recommendation.extensions.exists():
            raise Refused(gettext("The time was made longer once already. It cannot be done twice."))
        last = due + datetime.timedelta(days=recommendation.extension_days)
        if not due < until <= last:
            advice = gettext("Choose a day after %(due)s and not after %(last)s: the terms say so.")
            raise Refused(advice % {"due": date_format(due), "last": date_format(last)}, "until")
        only_with_reason(reason)
        Extension.objects.create(
            recommendation=recommendation, until=until, reason=reason, language=language, said_on=recommendation.today()
        )
        _write(record, "deadline.extended", recommendation, {"until": until.isoformat()}, BODY, reason=reason)


def draft(
    actor: Actor,
    recommendation: Recommendation,
    *,
    outcome: str,
    reason: str,
    language: str,
    review_on: datetime.date | None = None,
    transferred_to: str = "",
) -> Draft:
    """Writes an answer for a duty bearer to sign; nothing is said to anybody yet. Raises Refused, Denied."""
    with acting(actor, Action.DRAFT, recommendation):
        answer = fit_answer(recommendation, outcome, reason, language, review_on, transferred_to)
        made, _ = Draft.objects.update_or_create(
            recommendation=recommendation, defaults=answer | {"written_on": recommendation.today()}
        )
    return made


def respond(
    actor: Actor,
    recommendation: Recommendation,
    *,
    outcome: str,
    reason: str,
    language: str,
    review_on: datetime.date | None = None,
    transferred_to: str = "",
) -> Response:
    """Answers in the body's name, with reasons: once, or again after putting it off. Raises Refused, Denied."""
    with acting(actor, Action.RESPOND, recommendation) as record:
        answer = fit_answer(recommendation, outcome, reason, language, review_on, transferred_to)
        made = Response.objects.create(recommendation=recommendation, **answer, said_on=recommendation.today())
        Draft.objects.filter(recommendation=recommendation).delete()
        facts: dict[str, object] = {"outcome": outcome}
        if made.review_on:
            facts["review_on"] = made.review_on.isoformat()
        if made.transferred_to:
            facts["transferred_to"] = made.transferred_to
        _write(record, "recommendation.answered", recommendation, facts, BODY, reason=reason)
    return made


def correct(actor: Actor, response: Response, *, reason: str, language: str) -> Response:
    """Puts better words beside an answer, never over it; the outcome stays as it was said. Raises Refused, Denied."""
    recommendation = response.recommendation
    with acting(actor, Action.CORRECT, recommendation) as record:
        only_with_reason(reason)
        if response.corrects_id is not None:
            raise Refused(gettext("Correct the answer itself, not a correction of it."))
        made = Response.objects.create(
            recommendation=recommendation,
            corrects=response,
            outcome=response.outcome,
            reason=reason,
            language=language,
            review_on=response.review_on,
            transferred_to=response.transferred_to,
            said_on=recommendation.today(),
        )
        _write(record, "answer.corrected", recommendation, {"outcome": response.outcome}, BODY, reason=reason)
    return made


def commit(
    actor: Actor,
    recommendation: Recommendation,
    *,
    owner: str,
    measure: str,
    due_on: datetime.date,
    budget: str,
    language: str,
    source: str = Commitment.Source.ANSWER,
    source_words: str = "",
) -> Commitment:
    """Promises who does what by when with which money; or names a promise that a law or declaration holds already.

    Raises Refused, Denied.
    """
    with acting(actor, Action.COMMIT, recommendation) as record:
        course, day = queries.public_course(recommendation), recommendation.today()
        if source == Commitment.Source.ANSWER and (not course.responses or course.responses[-1].outcome not in YES):
            raise Refused(gettext("Answer first that it is accepted, whole or in part. Then say what will be done."))
        if due_on < day:
            raise Refused(gettext("This day has passed. Choose one from today on."), "due_on")
        if source != Commitment.Source.ANSWER and not source_words:
            raise Refused(
                gettext("Say which law, strategy or declaration it is, and where it says so."), "source_words"
            )
        made = Commitment.objects.create(
            recommendation=recommendation,
            owner=owner,
            measure=measure,
            due_on=due_on,
            budget=budget,
            source=source,
            source_words=source_words,
            language=language,
            said_by=recommendation.body.organisation,
            said_on=day,
        )
        facts: dict[str, object] = {"commitment": made.code, "due_on": due_on.isoformat(), "source": source}
        texts = {"owner": owner, "measure": measure, "budget": budget, "source_words": source_words}
        _write(record, "commitment.made", recommendation, facts, BODY, **texts)
    return made


def deliver(actor: Actor, recommendation: Recommendation, *, words: str, language: str) -> Delivery:
    """Says for the body that it is done: the first key. Peers turn the second. Raises Refused, Denied."""
    with acting(actor, Action.DELIVER, recommendation) as record:
        course = queries.public_course(recommendation)
        if not course.responses or course.responses[-1].outcome not in YES:
            raise Refused(gettext("Only what was accepted, whole or in part, can be done. Answer first."))
        if course.delivered_on and not course.verdicts:
            raise Refused(gettext("You said so already. Now peers check it."))
        if not says_enough(words):
            raise Refused(gettext("Say what was done, where and since when, in a sentence or more."), "words")
        made = Delivery.objects.create(
            recommendation=recommendation, words=words, language=language, said_on=recommendation.today()
        )
        _write(record, "delivery.said", recommendation, {"delivery": made.code}, BODY, words=words)
    return made
