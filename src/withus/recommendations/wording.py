"""How pages speak of where a recommendation stands, and of each deed."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.compute import answering
from withus.compute.answering import YES, Standing, State
from withus.compute.sentences import one_line
from withus.policy.rules import Action
from withus.processes.models import Body
from withus.processes.queries import Step
from withus.recommendations.models import Commitment, Delivery, Draft, Outcome, Recommendation
from withus.recommendations.own import Own
from withus.web.language import apart, in_digits, written_day

Words = str | Promise
_IN_A_LIST = 80  # signs of a promise

STATES: dict[State, tuple[Words, str]] = {
    State.UNSERVED: (_("written, not handed over yet"), "plain"),
    State.OPEN: (_("waits for an answer"), "wait"),
    State.UNACKNOWLEDGED: (_("nobody has said that it arrived"), "no"),
    State.ACKNOWLEDGED: (_("has arrived, waits for an answer"), "wait"),
    State.ASKED: (_("the body asks back, the clock stands still"), "wait"),
    State.OVERDUE: (_("no answer in time"), "no"),
    State.REJECTED: (_("rejected"), "no"),
    State.DEFERRED: (_("put off"), "wait"),
    State.TRANSFERRED: (_("passed on"), "wait"),
    State.ACCEPTED: (_("accepted, no day named yet"), "wait"),
    State.PROMISED: (_("accepted and promised"), "wait"),
    State.LATE: (_("promised and not done in time"), "no"),
    State.DELIVERED: (_("the body says it is done; peers have not checked"), "wait"),
    State.CONFIRMED: (_("done, say the body and peers"), "yes"),
    State.UNPAID: (_("the body and peers say it is done; no pay for the check has arrived"), "wait"),
    State.PARTLY: (_("partly done, say peers"), "wait"),
    State.DISPUTED: (_("the body says it is done, peers say no"), "no"),
}
DENIED = _("an organisation says it is done, those who spoke say no")  # disputed, and by nobody else


SOME: dict[str, Words] = {  # the lists that a body's page counts; `queries.public_some` says what each holds
    "": _("All"),
    "sent": _("Sent"),
    "waiting": _("Waiting for an answer"),
    "overdue": _("Silent"),
    "answered": _("Answered"),
    "checked": _("Checked by peers"),
}


@dataclass(frozen=True)
class Line:
    """Where a recommendation stands today, ready for a page."""

    recommendation: Recommendation
    standing: Standing
    day: datetime.date

    @classmethod
    def of(cls, recommendation: Recommendation) -> Line:
        """Seen today, in the body's time zone."""
        return cls(recommendation, recommendation.standing(), recommendation.today())

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.standing.state(self.day)

    @property
    def words(self) -> Words:
        """Where it stands, in words."""
        return DENIED if self.state is State.DISPUTED and self.standing.is_denied else STATES[self.state][0]

    @property
    def kind(self) -> str:
        """Which mark it has."""
        return STATES[self.state][1]

    @property
    def basis(self) -> str:
        """Where the clock comes from, if no law gives it."""
        sent = self.recommendation
        if held := Own(sent).instead:
            says = gettext(
                "Whoever adopted the terms of reference of then was not the body, as this house found. What held "
                "without them: %(first)d days to acknowledge and %(second)d to answer."
            )
            return in_digits(says % {"first": held.acknowledge_days, "second": held.days(sent.kind)})
        if sent.terms_version:
            says = gettext("The body’s terms of reference say so (version %(number)d).")
            return in_digits(says % {"number": sent.terms_version})
        says = gettext(
            "No terms are in force. This host states %(first)d days to acknowledge and %(second)d to answer."
        )
        return in_digits(says % {"first": sent.acknowledge_days, "second": sent.reply_days})

    @property
    def due_on(self) -> datetime.date | None:
        """The last day for the answer, while one is owed."""
        return self.standing.owed_on

    @property
    def expected_by(self) -> datetime.date | None:
        """The last day for the answer, also when it has come; None while a letter is not served."""
        return self.standing.owed_on or self.standing.due_on

    @property
    def days_late(self) -> int:
        """How many days after its day the first answer came: 0 or more."""
        answered, due = self.standing.answered_on, self.standing.due_on
        return max(0, (answered - due).days) if answered and due else 0

    @property
    def days_silent(self) -> int:
        """Days past the deadline without an answer."""
        return self.standing.days_silent(self.day)


@dataclass(frozen=True)
class Deed:
    """The words of a deed's page."""

    title: Words
    lead: Words
    button: Words


DEEDS: dict[Action, Deed] = {
    Action.SERVE: Deed(
        _("Say that the letter arrived"),
        _("From that day on the body’s clock runs. You can say it once."),
        _("The letter arrived"),
    ),
    Action.ACKNOWLEDGE: Deed(
        _("Say that it has arrived"),
        _("This is no answer, and it does not stop the clock."),
        _("It has arrived"),
    ),
    Action.CLARIFY: Deed(
        _("Ask one question back"),
        _("A question is no answer. You can ask once, before the deadline ends."),
        _("Ask this question"),
    ),
    Action.EXPLAIN: Deed(
        _("Answer the question"), _("With your answer, the body’s clock goes on."), _("Send the answer")
    ),
    Action.EXTEND: Deed(
        _("Take more time"),
        _("Once, before the deadline ends. Nobody is blamed for it: the page shows the new day and your reason."),
        _("Take until this day"),
    ),
    Action.DRAFT: Deed(
        _("Write an answer"),
        _("Nobody outside sees it until a duty bearer of the body signs and sends it."),
        _("Keep this for the signature"),
    ),
    Action.ENDORSE: Deed(
        _("Countersign the drafted answer"),
        _(
            "You sign it as it stands. If anybody changes it, your signature is gone. Everybody will read beside it "
            "whether somebody else wrote it, or you wrote and signed it alone."
        ),
        _("Countersign"),
    ),
    Action.SEND: Deed(
        _("Send the countersigned answer"),
        _("It goes out in the body’s name and stays, for good, with the day and the reasons."),
        _("Send the answer"),
    ),
    Action.RESPOND: Deed(
        _("Sign and send the answer"),
        _(
            "You answer in the body’s name. It stays, for good, with the day and the reasons. Unless somebody else "
            "drafted these very words, everybody will read beside it that one person wrote and signed it."
        ),
        _("Sign and send"),
    ),
    Action.CORRECT: Deed(
        _("Put better words beside the answer"),
        _("What was said stays as it is, and so does its outcome."),
        _("Put this beside it"),
    ),
    Action.COMMIT: Deed(
        _("Promise who does what by when, or name where that is promised"),
        _(
            "Peers will check it. The promise stays, also when people in office change. What a law, a strategy or a "
            "declaration promises has to be kept whatever the answer is; whoever sent this can name it too."
        ),
        _("Write this promise down"),
    ),
    Action.DELIVER: Deed(
        _("Say that it is done"),
        _("“Done” needs two keys. This is yours; peers turn the other."),
        _("It is done"),
    ),
    Action.VERIFY: Deed(
        _("Say whether it is true"),
        _("“Done” needs two keys. This is yours; the body cannot turn it."),
        _("Say this for our organisation"),
    ),
    Action.JUDGE_DELIVERY: Deed(
        _("Say, as one who took part, whether it is true"),
        _("What you say is counted with what others say. Nobody sees who said what."),
        _("Say it"),
    ),
    Action.DISSENT: Deed(
        _("Put your dissent beside the answer"),
        _("The body can neither change nor take it away."),
        _("Put it beside the answer"),
    ),
}


def with_its_end(body: Body) -> str:
    """A body's name, with what became of it: who is closed can still be asked, and owes an answer all the same."""
    end = body.closing
    if end is None:
        return str(body)
    if end.successor is None:
        return gettext("%(body)s (closed)") % {"body": _by_itself(body)}
    names = {"body": _by_itself(body), "successor": _by_itself(end.successor)}
    return gettext("%(body)s (closed; in its place: %(successor)s)") % names


def _by_itself(body: Body) -> str:
    """A name that keeps its own direction where no markup can say so."""
    return f"\u2068{body}\u2069"


def sent_on_to(recommendation: Recommendation) -> Body | None:
    """To whom peers can send it next: the body that it was passed on to, else the one in the place of a closed one."""
    answers = [one for one in recommendation.answers() if one.disowned_by_id is None]
    if answers and answers[-1].passed_to:
        return answers[-1].passed_to
    end = recommendation.body.closing
    return end.successor if end else None


def chain(recommendation: Recommendation) -> list[Step]:
    """The links from what was asked to what peers found, each with its state and day; a missing one says so.

    After a no there is nothing to promise, to do or to check.
    """
    course, line = recommendation.course(), Line.of(recommendation)
    last = course.responses[-1] if course.responses else None
    says, done, verdict = gettext("says the body"), line.standing.delivered_on, line.standing.verdict
    links: list[tuple[str, datetime.date | None, Words, str, str]] = [
        (gettext("Sent"), course.sent_on, gettext("by peers"), "yes", ""),
        (gettext("Acknowledged"), course.acknowledged_on, says, "yes", "#clock"),
        (
            gettext("Answered"),
            last.said_on if last else None,
            Outcome(last.outcome).label if last else "",
            _mark(last),
            "#answer",
        ),
    ]
    if last is None or last.outcome in YES:
        until = min(course.promised_by, default=None)
        found = DENIED if line.standing.is_denied else STATES[verdict or State.DELIVERED][0]
        below, checked = "#promised" if course.promises else "#done", _checked_on(course) if verdict else None
        links += [
            (gettext("Promised"), until, gettext("to be done by"), "wait", "#promised"),
            (gettext("Done"), done, says, "wait", below),
            (gettext("Checked by peers"), checked, found, STATES[verdict or State.DELIVERED][1], below),
        ]
    now = next((name for name, day, *_ in links if day is None), "")
    return [
        Step(name, str(words), kind, day, url)
        if day
        else Step(name, gettext("not yet"), "plain", is_current=name == now, is_missing=True)
        for name, day, words, kind, url in links
    ]


def _checked_on(course: answering.Course) -> datetime.date | None:
    """The day on which peers looked last."""
    said = [one for part in course.parts() for one in part.deliveries] + list(course.deliveries)
    return max((check.said_on for one in said for check in one.checks), default=None)


def promise(commitment: Commitment) -> str:
    """A promise in a list of choices: the measure, and its day."""
    return _in_a_list(commitment, commitment.due_on)


def said(delivery: Delivery) -> str:
    """What was said to be done, in a list of choices: the promise, or all of it; and the day on which it was said."""
    return _in_a_list(delivery.commitment, delivery.said_on)


def _in_a_list(commitment: Commitment | None, day: datetime.date) -> str:
    about = one_line(commitment.measure, _IN_A_LIST) if commitment else gettext("All that is asked")
    return f"{apart(about or gettext('Words that were taken away'))} ({written_day(day)})"


def _mark(answer: answering.Response | None) -> str:
    """The mark of an answer: a yes, a no, or something that is still to come."""
    if answer is None:
        return "plain"
    return {answering.Outcome.ACCEPTED: "yes", answering.Outcome.REJECTED: "no"}.get(answer.outcome, "wait")


WITH_DRAFT = frozenset({Action.DRAFT, Action.ENDORSE, Action.SEND, Action.RESPOND})  # their pages show what is drafted


def deeds(recommendation: Recommendation, draft: Draft | None = None) -> list[tuple[Action, Words]]:
    """What somebody can do about it today, whoever that is; the permission table says who."""
    course, day = recommendation.course(), recommendation.today()
    if course.sent_on is None:
        return [(deed, DEEDS[deed].title) for deed in (Action.SERVE, Action.ACKNOWLEDGE)]
    is_untold = recommendation.is_letter and not hasattr(recommendation, "serving")
    due, last = course.due_on, course.responses[-1].outcome if course.responses else None
    is_running = last is None and due is not None and day <= due
    question = Own(recommendation).question
    can = {
        Action.SERVE: is_untold and last is None,
        Action.ACKNOWLEDGE: course.acknowledged_on is None and last is None,
        Action.EXPLAIN: question is not None and question.answered_on is None,
        Action.CLARIFY: is_running and question is None,
        Action.EXTEND: is_running and not course.extensions,
        Action.DRAFT: course.is_waiting(),
        Action.ENDORSE: draft is not None and draft.signed_on is None,
        Action.SEND: draft is not None and draft.signed_on is not None,
        Action.RESPOND: course.is_waiting(),
        Action.COMMIT: True,  # what a law or a declaration promises needs no answer
        Action.DELIVER: any(part.is_open for part in course.parts()),
        Action.VERIFY: any(part.deliveries for part in course.parts()),
        Action.JUDGE_DELIVERY: any(part.deliveries for part in course.parts()),
        Action.DISSENT: last is not None and last is not answering.Outcome.ACCEPTED,
        Action.CORRECT: last is not None,
    }
    return [(deed, DEEDS[deed].title) for deed, is_now in can.items() if is_now]
