"""What peer organisations ask and check, and what bodies answer: each deed once, in public, never to be edited."""

import datetime
from typing import Any

from django.utils.translation import gettext

from withus.acting import Record, acting, only_once, only_telling
from withus.compute.reasons import OF_A_REASON
from withus.core import clock, codes, erasure
from withus.core.errors import Refused, all_at_once, only_if
from withus.pay.models import Work
from withus.pay.owing import owe
from withus.people.models import Organisation
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action
from withus.processes.models import Body
from withus.recommendations import evidence as resting
from withus.recommendations import queries
from withus.recommendations.conditions import (
    AGAINST,
    ANSWER,
    CHANGE,
    DONE,
    EXPLAINED,
    FOUND,
    MEASURE,
    REASON,
    UNKNOWN,
    WRONG,
    fit_answer,
    only_a_true_day,
    only_another_day_than_done,
    only_as_long_as_allowed,
    only_as_seen,
    only_for_whom_one_speaks,
    only_in_our_time,
    only_one_extension,
    only_one_question,
    only_pay_that_was_agreed,
    only_shown,
    only_what_can_be_checked,
    only_what_is_open,
    only_while_running,
    only_who_can_promise,
)
from withus.recommendations.in_force import public_terms
from withus.recommendations.judging.counting_in import count_in
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
from withus.recommendations.own import Own
from withus.recommendations.queries import Addressee, Checkable
from withus.recommendations.settling import settle
from withus.recommendations.signing import author_of, signers_of, signers_of_answer
from withus.recommendations.told import told, told_answer

ORGANISATION, BODY = ActorKind.ORGANISATION, ActorKind.BODY


def _say(record: Record, row: Any, of: Recommendation, by: ActorKind = ORGANISATION) -> None:
    """The public record of a row that a deed left, and the dates that now follow from all that happened."""
    settle(of)
    record.told(told(row), by=by, body=of.body.code)


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
        with all_at_once() as check:
            check(only_for_whom_one_speaks, actor, organisation)
            check(only_telling, WRONG, text=text)
            check(only_telling, CHANGE, asked_change=asked_change)
            rests, papers = resting.read(evidence)
        terms = public_terms(body)
        words = {"kind": kind, "text": text, "asked_change": asked_change}
        about = {"body": body, "organisation": organisation, "papers": papers} | terms.clock_fields(kind)
        made = Recommendation(code=code or codes.code(), **about, **words)
        made.language, made.written_on = language, made.today()
        made.is_letter = not addressee.has_joined()
        made.sent_on = None if made.is_letter else made.written_on
        only_once(body.recommendations.filter(**words, organisation=organisation, written_on=made.written_on))
        capped = terms.cap is not None and queries.public_running(body, organisation) >= terms.cap
        if capped:
            facts = {"organisation": organisation.code, "body": body.code, "cap": terms.cap}
            record("recommendation.capped", facts, by=ActorKind.SYSTEM, body=body.code, subject=body.code)
        else:
            made.save()
            Evidence.objects.bulk_create(rest.row(made) for rest in rests)
            _say(record, made, made)
    if capped:  # only now: the refusal itself stays in the log
        says = gettext("The terms let an organisation wait for %(number)d answers at once. The log says you asked.")
        raise Refused(says % {"number": terms.cap})
    return made


def serve(actor: Actor, recommendation: Recommendation, *, how: str, words: str, served_on: datetime.date) -> None:
    """Says once how and when the letter reached a body that never joined: its clock runs from then.

    If the body has said before that it has it, the true day can still be told, if it was an earlier one: by saying so
    late, no body gains time. Raises Refused, Denied.
    """
    with acting(actor, Action.SERVE, recommendation) as record:
        with all_at_once() as check:
            check(only_a_true_day, recommendation, served_on)
            check(only_shown, how, words)
        recommendation.sent_on = served_on
        recommendation.save(update_fields=["sent_on"])
        said = {"how": how, "words": words, "served_on": served_on, "said_on": recommendation.today()}
        row = Serving.objects.create(recommendation=recommendation, **said)
        _say(record, row, recommendation)


def explain(actor: Actor, recommendation: Recommendation, *, answer: str, language: str) -> None:
    """Answers the body's question back; its clock goes on. Raises Refused, Denied."""
    with acting(actor, Action.EXPLAIN, recommendation) as record:
        question = Own(recommendation).question
        if question is None or question.answered_on:
            raise Refused(gettext("There is no question that waits for you."))
        only_telling(EXPLAINED, answer=answer)
        question.answer, question.answer_language = answer, language
        question.answered_on = recommendation.today()
        question.save(update_fields=["answer", "answer_language", "answered_on"])
        settle(recommendation)
        record.told(told_answer(question), by=ORGANISATION, body=recommendation.body.code)


def verify(
    actor: Actor,
    checkable: Checkable,
    *,
    organisation: Organisation,
    verdict: str,
    evidence: str,
    language: str,
    delivery: Delivery | None = None,
    minutes: int | None = None,
    payer: Organisation | None = None,
) -> Verification:
    """Says for a recognised peer organisation whether a delivery (none: the only one) is true: the second key.

    Whoever pays for the check (none: nobody) owes its minutes; it counts as paid once they are. Raises Refused, Denied.
    """
    with acting(actor, Action.VERIFY, checkable) as record:
        recommendation = checkable.held()
        with all_at_once() as check:
            check(only_for_whom_one_speaks, actor, organisation)
            check(only_telling, FOUND, evidence=evidence)
            check(only_pay_that_was_agreed, organisation, payer, minutes)
            delivery = only_what_can_be_checked(recommendation, delivery, organisation)
        made = Verification.objects.create(
            delivery=delivery,
            organisation=organisation,
            verdict=verdict,
            evidence=evidence,
            language=language,
            minutes=minutes,
            is_independent=not queries.public_is_paid_by(organisation, recommendation.body.organisation),
            said_on=recommendation.today(),
        )
        if payer and minutes:
            about: dict[str, Any] = {"subject": made.code, "seat": "", "minutes": minutes, "worked_on": clock.today()}
            owe(payer=payer, worked_for=organisation, kind=Work.CHECKING, **about)
        _say(record, made, recommendation)
    return made


def dissent(actor: Actor, recommendation: Recommendation, *, words: str, language: str) -> Dissent:
    """Puts the organisation's dissent beside the last answer, where it stays. Raises Refused, Denied."""
    with acting(actor, Action.DISSENT, recommendation) as record:
        response = Response.objects.filter(recommendation=recommendation, corrects=None, disowned_by=None).last()
        if response is None:
            raise Refused(gettext("There is no answer yet that you could disagree with."))
        only_telling(AGAINST, words=words)
        only_once(response.dissents.filter(words=words))
        made = Dissent.objects.create(
            response=response,
            organisation=recommendation.organisation,
            words=words,
            language=language,
            said_on=recommendation.today(),
        )
        _say(record, made, recommendation)
    return made


def acknowledge(actor: Actor, recommendation: Recommendation) -> None:
    """Says for the body that it has arrived; if that is the first word of it, a letter's clock runs from then on.

    Raises Refused, Denied.
    """
    with acting(actor, Action.ACKNOWLEDGE, recommendation) as record:
        if hasattr(recommendation, "acknowledgement"):
            raise Refused(gettext("It was acknowledged already."))
        day, served_on = recommendation.today(), None
        if recommendation.sent_on is None:
            recommendation.sent_on = served_on = day
            recommendation.save(update_fields=["sent_on"])
        row = Acknowledgement.objects.create(recommendation=recommendation, served_on=served_on, said_on=day)
        _say(record, row, recommendation, BODY)


def clarify(actor: Actor, recommendation: Recommendation, *, question: str, language: str) -> None:
    """Asks the one question back; the clock stands still until it is answered, ten working days at most.

    Raises Refused, Denied.
    """
    with acting(actor, Action.CLARIFY, recommendation) as record:
        only_while_running(recommendation)
        only_one_question(recommendation)
        only_telling(UNKNOWN, question=question)
        day = recommendation.today()
        Question.objects.filter(recommendation=recommendation).delete()  # of others; the log keeps it, and so below
        row = Question.objects.create(recommendation=recommendation, text=question, language=language, asked_on=day)
        _say(record, row, recommendation, BODY)


def extend(actor: Actor, recommendation: Recommendation, *, until: datetime.date, reason: str, language: str) -> None:
    """Takes more time, once, before the deadline has ended, with a reason that all can read. Raises Refused, Denied."""
    with acting(actor, Action.EXTEND, recommendation) as record:
        course = only_while_running(recommendation)
        only_one_extension(recommendation, course)
        with all_at_once() as check:
            check(only_as_long_as_allowed, recommendation, course, until)
            check(only_telling, REASON, OF_A_REASON, reason=reason)
        recommendation.extensions.all().delete()
        row = Extension.objects.create(
            recommendation=recommendation, until=until, reason=reason, language=language, said_on=recommendation.today()
        )
        _say(record, row, recommendation, BODY)


def draft(
    actor: Actor,
    recommendation: Recommendation,
    *,
    outcome: str,
    reason: str,
    language: str,
    review_on: datetime.date | None = None,
    passed_to: Body | None = None,
    transferred_to: str = "",
) -> Draft:
    """Writes an answer for a duty bearer to sign; nothing is said to anybody yet. Raises Refused, Denied."""
    with acting(actor, Action.DRAFT, recommendation):
        answer = fit_answer(recommendation, outcome, reason, language, review_on, passed_to, transferred_to)
        answer |= {"author": author_of(recommendation, actor), "signed_on": None, "signers": None}
        answer |= {"written_on": recommendation.today()}
        made, _ = Draft.objects.update_or_create(recommendation=recommendation, defaults=answer)
    return made


def endorse(actor: Actor, recommendation: Recommendation, *, seen: str) -> Draft:
    """Countersigns the drafted answer with the mark that was `seen`: whoever changes it takes this away.

    Raises Refused, Denied.
    """
    with acting(actor, Action.ENDORSE, recommendation):
        found = Draft.objects.filter(recommendation=recommendation).first()
        if found is None:
            raise Refused(gettext("No answer is drafted yet. Write one, or sign and send your own."))
        only_as_seen(found, seen)
        found.signed_on, found.signers = recommendation.today(), signers_of(found, actor)
        found.save(update_fields=["signed_on", "signers"])
    return found


def send(actor: Actor, recommendation: Recommendation, *, seen: str) -> Response:
    """Sends the answer that a duty bearer has countersigned, with the mark that was `seen`. Raises Refused, Denied."""
    with acting(actor, Action.SEND, recommendation) as record:
        found = Draft.objects.filter(recommendation=recommendation).first()
        if found is None or found.signed_on is None:
            raise Refused(gettext("A duty bearer has to countersign the answer first. Then you can send it."))
        only_as_seen(found, seen)
        said = {name: getattr(found, name) for name in ANSWER}
        return _answer(record, recommendation, fit_answer(recommendation, **said), found.signers)


def respond(
    actor: Actor,
    recommendation: Recommendation,
    *,
    outcome: str,
    reason: str,
    language: str,
    review_on: datetime.date | None = None,
    passed_to: Body | None = None,
    transferred_to: str = "",
) -> Response:
    """Answers in the body's name, with reasons: once, or again after putting it off. Raises Refused, Denied."""
    with acting(actor, Action.RESPOND, recommendation) as record:
        answer = fit_answer(recommendation, outcome, reason, language, review_on, passed_to, transferred_to)
        return _answer(record, recommendation, answer, signers_of_answer(recommendation, answer, actor))


def _answer(record: Record, of: Recommendation, answer: dict[str, Any], signers: int | None) -> Response:
    made = Response.objects.create(recommendation=of, **answer, signers=signers, said_on=of.today())
    if Draft.objects.filter(recommendation=of).delete()[0]:
        erasure.for_good()  # who wrote it goes with it
    _say(record, made, of, BODY)
    return made


def correct(actor: Actor, response: Response, *, reason: str, language: str) -> Response:
    """Puts better words beside an answer, never over it; the outcome stays as it was said. Raises Refused, Denied."""
    recommendation = response.recommendation
    with acting(actor, Action.CORRECT, recommendation) as record:
        only_telling(REASON, OF_A_REASON, reason=reason)
        if response.corrects_id is not None:
            raise Refused(gettext("Correct the answer itself, not a correction of it."))
        only_once(response.corrections.filter(reason=reason))
        made = Response.objects.create(
            recommendation=recommendation,
            corrects=response,
            outcome=response.outcome,
            reason=reason,
            language=language,
            review_on=response.review_on,
            signers=1,
            said_on=recommendation.today(),
        )
        _say(record, made, recommendation, BODY)
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
    """Promises who does what by when with which money; or names a promise that a law, strategy or declaration holds.

    Such a one holds whatever the answer is; whoever sent the recommendation can name it too. Raises Refused, Denied.
    """
    with acting(actor, Action.COMMIT, recommendation) as record:
        day, said_by = recommendation.today(), only_who_can_promise(actor, recommendation, source)
        with all_at_once() as check:
            check(only_telling, MEASURE, measure=measure)
            check(only_in_our_time, due_on, day, source)
            check(only_another_day_than_done, recommendation, day)
            where = gettext("Say which law, strategy or declaration it is, and where it says so.")
            check(only_if, source == Commitment.Source.ANSWER or bool(source_words), where, "source_words")
        promise = {"owner": owner, "measure": measure, "due_on": due_on, "budget": budget}
        promise |= {"source": source, "source_words": source_words}
        only_once(recommendation.commitments.filter(**promise, pk__in=[one.pk for one in Own(recommendation).promises]))
        by = {"said_by": said_by, "said_on": day, "language": language}
        made = Commitment.objects.create(recommendation=recommendation, **promise, **by)
        _say(record, made, recommendation, BODY if said_by == recommendation.body.organisation else ORGANISATION)
    return made


def deliver(
    actor: Actor, recommendation: Recommendation, *, words: str, language: str, commitment: Commitment | None = None
) -> Delivery:
    """Says for the body that a promise is kept (none: the only one), or where there is none, that it is done.

    This is the first key; peers turn the second. Raises Refused, Denied.
    """
    with acting(actor, Action.DELIVER, recommendation) as record:
        commitment = only_what_is_open(recommendation, commitment)
        only_telling(DONE, words=words)
        said = {"words": words, "language": language, "said_on": recommendation.today()}
        made = Delivery.objects.create(recommendation=recommendation, commitment=commitment, **said)
        count_in(made)
        _say(record, made, recommendation, BODY)
    return made
