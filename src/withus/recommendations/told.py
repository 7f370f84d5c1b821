"""What the log must hold of each row of a recommendation: deeds write it, and the check of the log compares both."""

from collections.abc import Mapping
from functools import singledispatch
from typing import Any

from withus.pay.owing import owed_facts
from withus.public_log.rows import Told
from withus.recommendations.models import (
    Acknowledgement,
    Commitment,
    Delivery,
    Dissent,
    Extension,
    Outcome,
    Question,
    Recommendation,
    Response,
    Serving,
    Verification,
)


def _of(row: Any, of: Recommendation, type: str, facts: Mapping[str, object], *words: str, **named: str) -> Told:
    """`words` are facts that commit to the field of their name, `named` to a field of another name."""
    return Told(type, of.code, {"recommendation": of.code, **facts}, row, {word: word for word in words} | named)


def _by_body(row: Any, of: Recommendation, type: str, facts: Mapping[str, object], *words: str, **named: str) -> Told:
    return _of(row, of, type, {"body": of.body.code, **facts, "said_on": row.said_on.isoformat()}, *words, **named)


@singledispatch
def told(row: Any) -> Told:
    """The record that the row was left with."""
    raise TypeError(f"{row!r} is told in no record")


@told.register
def _recommendation(row: Recommendation) -> Told:
    facts: dict[str, object] = {
        "kind": row.kind,
        "written_on": row.written_on.isoformat(),
        "body": row.body.code,
        "organisation": row.organisation.code,
        "language": row.language,
        "acknowledge_days": row.acknowledge_days,
        "reply_days": row.reply_days,
        "extension_days": row.extension_days,
        "counting": row.counting,
        "region": row.region,
        "evidence": [f"{one.kind}: {one.subject}" for one in row.evidence.all()],
    }
    if row.terms_version:
        facts["terms_version"] = row.terms_version
    if row.norm_version:
        facts["norm_version"] = row.norm_version
    if row.sent_on and not row.is_letter:
        facts["sent_on"] = row.sent_on.isoformat()
    type = "recommendation.written" if row.is_letter else "recommendation.sent"
    return _of(row, row, type, facts, "text", "asked_change", "papers")


@told.register
def _serving(row: Serving) -> Told:
    days = {"served_on": row.served_on.isoformat(), "said_on": row.said_on.isoformat()}
    return _of(row, row.recommendation, "recommendation.served", {"how": row.how, **days}, "words")


@told.register
def _acknowledgement(row: Acknowledgement) -> Told:
    facts: dict[str, object] = {"served_on": row.served_on.isoformat()} if row.served_on else {}
    return _by_body(row, row.recommendation, "recommendation.acknowledged", facts)


@told.register
def _question(row: Question) -> Told:
    of = row.recommendation
    facts = {"body": of.body.code, "language": row.language, "said_on": row.asked_on.isoformat()}
    return _of(row, of, "question.asked", facts, question="text")


def told_answer(row: Question) -> Told:
    """The record of the answer to a question back."""
    said_on = row.answered_on.isoformat() if row.answered_on else ""
    facts: dict[str, object] = {"language": row.answer_language, "said_on": said_on}
    return _of(row, row.recommendation, "question.answered", facts, "answer")


@told.register
def _extension(row: Extension) -> Told:
    facts: dict[str, object] = {"until": row.until.isoformat(), "language": row.language}
    return _by_body(row, row.recommendation, "deadline.extended", facts, "reason")


@told.register
def _response(row: Response) -> Told:
    facts: dict[str, object] = {"response": row.code, "outcome": row.outcome, "language": row.language}
    if row.review_on:
        facts["review_on"] = row.review_on.isoformat()
    if row.passed_to:
        facts["passed_to"] = row.passed_to.code
    if row.corrects:
        facts["corrects"] = row.corrects.code
    if row.signers:  # answers of earlier versions: nobody knows
        facts["signers"] = row.signers
    # The words may be gone by now, so the fact that commits to them cannot hang on their being there.
    names_somebody = row.outcome == Outcome.TRANSFERRED and not row.corrects and not row.passed_to
    words = ("reason", "transferred_to") if names_somebody or row.transferred_to else ("reason",)
    type = "answer.corrected" if row.corrects else "recommendation.answered"
    return _by_body(row, row.recommendation, type, facts, *words)


@told.register
def _commitment(row: Commitment) -> Told:
    facts: dict[str, object] = {"commitment": row.code, "due_on": row.due_on.isoformat(), "source": row.source}
    facts |= {"language": row.language, "organisation": row.said_by.code}
    words = ("owner", "measure", "budget", "source_words")
    return _by_body(row, row.recommendation, "commitment.made", facts, *words)


@told.register
def _delivery(row: Delivery) -> Told:
    facts: dict[str, object] = {"delivery": row.code, "language": row.language}
    if row.commitment:
        facts["commitment"] = row.commitment.code
    return _by_body(row, row.recommendation, "delivery.said", facts, "words")


@told.register
def _verification(row: Verification) -> Told:
    facts: dict[str, object] = {
        "organisation": row.organisation.code,
        "verification": row.code,
        "delivery": row.delivery.code,
        "verdict": row.verdict,
        "language": row.language,
        "minutes": row.minutes,
        "is_independent": row.is_independent,
        "said_on": row.said_on.isoformat(),
    }
    words = ["evidence"]
    if row.was_paid is not None or row.pay:  # of an earlier version, which told its pay in words
        facts, words = facts | {"was_paid": row.was_paid}, [*words, "pay"]
    else:
        facts |= owed_facts(row.code)
    return _of(row, row.delivery.recommendation, "delivery.verified", facts, *words)


@told.register
def _dissent(row: Dissent) -> Told:
    facts: dict[str, object] = {"organisation": row.organisation.code, "response": row.response.code}
    facts |= {"dissent": row.code}
    facts |= {"language": row.language, "said_on": row.said_on.isoformat()}
    return _of(row, row.response.recommendation, "dissent.said", facts, "words")


TYPES = frozenset({
    "recommendation.sent", "recommendation.written", "recommendation.served", "recommendation.acknowledged",
    "question.asked", "question.answered", "deadline.extended", "recommendation.answered", "answer.corrected",
    "commitment.made", "delivery.said", "delivery.verified", "dissent.said",
})  # fmt: skip
REPLACED = frozenset({"question.asked", "deadline.extended"})  # if others took it, by the body's own
