"""What the record says of a body: counted by the database, in a number of statements that never grows."""

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from withus.compute import answering, involvement, rates
from withus.compute.answering import State
from withus.compute.involvement import Facts, Label
from withus.compute.rates import Agenda, Quarter, Rate, Silence
from withus.core import clock
from withus.deliberation.queries import public_answered
from withus.figures import table
from withus.figures.returned import public_returned
from withus.figures.times import Time, public_times
from withus.pay.models import Rate as PayRate
from withus.people.models import Organisation
from withus.people.queries import public_recognised_codes
from withus.processes.board.models import Terms
from withus.processes.board.queries import public_terms as public_board_terms
from withus.processes.models import Body, Phase, PhaseKind
from withus.processes.others import not_by_others
from withus.recommendations.in_force import public_in_force
from withus.recommendations.judging.models import Tally
from withus.recommendations.letters.models import Joined, TakeOver
from withus.recommendations.letters.queries import public_joined
from withus.recommendations.models import (
    Commitment,
    Delivery,
    Dissent,
    Extension,
    Outcome,
    Question,
    Recommendation,
    Response,
    Verification,
)
from withus.recommendations.queries import public_checks, public_named, public_open_promises, public_questions
from withus.recommendations.queries import public_promises as public_held

SILENT_SHOWN = 5
DISOWNED = "disowned"  # an answer that was not the body's, as the host found
DEPENDENT = "dependent"  # the word of a check that cannot confirm alone
_YES = sorted(one.value for one in answering.YES)
_CONFIRMED, _DISPUTED = State.CONFIRMED.value, State.DISPUTED.value
_IN_A_DAY = (  # a day begins with what became past due, and an answer comes before what rests on it
    "silent", "broken", "undone",
    "sent", "asked", "extended", "answered", "dissent", "promised", "delivered", "checked", "judged",
)  # fmt: skip
_OWN_VIEW = (PhaseKind.MONITORING, PhaseKind.EVALUATION)


@dataclass(frozen=True)
class Counts:
    """You said, they answered, we checked; and the rates of recommendations, by quarter."""

    sent: int
    answered: int
    checked: int
    answers_overdue: int
    promises_overdue: int
    unheard: int
    silence: Silence
    in_time: dict[Quarter, Rate]
    verified: dict[Quarter, Rate]


def public_counts(body: Body, day: datetime.date) -> Counts:
    """Everything that can be counted of the body's recommendations on the day, in one statement."""
    wanted = {"waiting": Q(owed_on__isnull=False), "overdue": Q(owed_on__lt=day), **_lists(day)}
    shown = rates.quarters(day)
    for quarter in shown:
        wanted |= _of_quarter(quarter, day)
    counts = {name: Count("pk", filter=which) for name, which in wanted.items()}
    longest = Min("owed_on", filter=Q(owed_on__lt=day))
    found = Recommendation.objects.filter(body=body).aggregate(**counts, longest=longest)
    since = found["longest"]
    return Counts(
        sent=found["sent"],
        answered=found["answered"],
        checked=found["checked"],
        answers_overdue=found["overdue"],
        promises_overdue=found["late"],
        unheard=found["unheard"],
        silence=Silence(Rate(found["overdue"], found["waiting"]), (day - since).days if since else 0),
        in_time={one: Rate(found[f"answered_{one.number}"], found[f"due_{one.number}"]) for one in shown},
        verified={one: Rate(found[f"confirmed_{one.number}"], found[f"promised_{one.number}"]) for one in shown},
    )


def _lists(day: datetime.date) -> dict[str, Q]:
    """The lists that the page links to, as `recommendations.queries.public_some` fills them; broken promises; and what
    nobody has said to have arrived, as `answering.State.UNACKNOWLEDGED` and where the answer is past due too."""
    return {
        "sent": Q(sent_on__isnull=False),
        "answered": Q(answered_on__isnull=False),
        "checked": ~Q(verdict=""),
        "late": Q(undone_by__lt=day),
        "unheard": Q(acknowledge_by__lt=day, was_heard=False, answered_on__isnull=True),
    }


def _of_quarter(quarter: Quarter, day: datetime.date) -> dict[str, Q]:
    """I-02 and I-03 of a quarter, as `compute.rates` counts them."""
    ended = (quarter.first, min(quarter.last, day - datetime.timedelta(days=1)))
    due = Q(due_on__range=ended)
    promised = Q(outcome__in=_YES, done_by__range=ended)
    return {
        f"due_{quarter.number}": due,
        f"answered_{quarter.number}": due & Q(answered_on__lte=F("due_on")),
        f"promised_{quarter.number}": promised,
        f"confirmed_{quarter.number}": promised & Q(verdict=_CONFIRMED),
    }


def public_silent(body: Body, day: datetime.date) -> QuerySet[Recommendation]:
    """Those past due without the answer that is owed, the longest silence first."""
    return _of(body).filter(owed_on__lt=day).order_by("owed_on", "id")


def public_lines(body: Body) -> Iterator[Recommendation]:
    """Every recommendation to the body, the newest first, a few at a time."""
    return _of(body).order_by("-written_on", "-id").iterator(2000)


def public_signers(body: Body) -> dict[int, int | None]:
    """How many wrote and signed the last answer to each recommendation that has one, by its row."""
    answers = Response.objects.filter(recommendation__body=body, corrects=None, disowned_by=None).order_by("id")
    return dict(answers.values_list("recommendation", "signers"))


def _of(body: Body) -> QuerySet[Recommendation]:
    return Recommendation.objects.filter(body=body).select_related("organisation")


def public_newest(body: Body, day: datetime.date, most: int) -> dict[str, QuerySet[Recommendation]]:
    """The newest silences, answers and disputes, for a poster."""
    last = Coalesce(Max("deliveries__said_on"), "sent_on")  # some of what was promised may never have been called done
    return {
        "overdue": _of(body).filter(owed_on__lt=day).order_by("-owed_on", "-id")[:most],
        "answered": _of(body).filter(answered_on__isnull=False).order_by("-answered_on", "-id")[:most],
        "disputed": _of(body).filter(verdict=_DISPUTED).annotate(last=last).order_by("-last", "-id")[:most],
    }


def public_asked_own_view(body: Body, day: datetime.date, recognised: Collection[str]) -> bool:
    """Whether peers were asked within twelve months and took part: by a vote whose statements a recognised organisation
    reads, and of which counts have been published since it began, so of ten people at least."""
    since = involvement.a_year_before(day)
    phases = Phase.objects.filter(process__body=body, kind__in=_OWN_VIEW, takes_votes=True)
    phases = public_answered(phases.filter(opens_on__lte=day, closes_on__gte=since))
    about = phases.select_related("process__organisation", "process__beside")
    return any(phase.editors_code in recognised for phase in about)


@dataclass(frozen=True)
class Record:
    """All that the page of a body, its data and its poster say in numbers."""

    body: Body
    day: datetime.date
    counts: Counts
    facts: Facts
    agenda: dict[Quarter, Agenda]
    spread: dict[Quarter, Rate]
    returned: dict[Quarter, Rate]
    times: dict[str, list[Time]]
    seats: Rate  # of the voting seats of peers, those that recognised peer organisations fill
    terms: Terms | None = None  # in force on the day
    agreed: PayRate | None = None  # agreed and in force, for seats or meetings
    joined: TakeOver | None = None  # the letter with which those came in who answer

    @property
    def is_in_doubt(self) -> bool:
        """Whether it is contested that those who answer are the body."""
        return self.facts.is_contested

    @property
    def label(self) -> Label:
        """Whether it involves peers, and what is missing."""
        return involvement.label(self.facts)

    @property
    def formal_seats(self) -> Rate:
        """I-01 of this body."""
        return rates.formal_seats(involvement.has_formal_seats(self.facts), self.facts.is_closed)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The present quarter, and the three before."""
        return rates.quarters(self.day)

    @property
    def by_quarter(self) -> dict[str, dict[Quarter, Rate]]:
        """Every indicator that is counted by quarter."""
        return {
            "I-02": self.counts.in_time,
            "I-03": self.counts.verified,
            "I-05": {quarter: found.tabled for quarter, found in self.agenda.items()},
            "I-05b": {quarter: found.share for quarter, found in self.agenda.items()},
            "I-07": self.spread,
            "I-08": self.returned,
        }


def public_record(body: Body) -> Record:
    """What the record says of a body today, in its time zone."""
    day = clock.today(body.time_zone)
    counts, recognised, joined = public_counts(body, day), public_recognised_codes(), public_joined(body)
    terms, seats = public_board_terms(body, day), table.public_voting_seats(body, day, recognised)
    in_force = public_in_force(body, terms, day)
    facts = Facts(
        day=day,
        terms=table.granted(terms),
        filled_seats=seats.numerator,
        answers_overdue=counts.answers_overdue,
        promises_overdue=counts.promises_overdue,
        unheard=counts.unheard,
        asked_own_view=public_asked_own_view(body, day, recognised),
        is_contested=joined is not None and joined.joined() == Joined.CONTESTED,
        is_closed=body.closing is not None,
    )
    times = public_times(body, day, in_force)
    agenda, spread = table.public_agenda(body, day), table.public_spread(body, day)
    rate, returned = table.public_agreed_rate(body, day), public_returned(body, day)
    return Record(body, day, counts, facts, agenda, spread, returned, times, seats, terms, rate, joined)


@dataclass(frozen=True)
class Event:
    """Something that happened on a day, for whoever follows a body; `mark` is its own for good."""

    day: datetime.date
    mark: str
    kind: str
    recommendation: Recommendation
    by: str = ""
    word: str = ""
    until: datetime.date | None = None
    promise: Commitment | None = None  # which one it was about


def public_events(body: Body, day: datetime.date, most: int) -> list[Event]:
    """The newest so many, by day: all that was said, silence that began, and days that passed without "done"."""
    found = [*_sent(body, most), *_said(body, most), *_on_the_way(body, most)]
    found += [*_silences(body, day, most), *_broken(body, day, most)]
    return sorted(found, key=lambda event: (event.day, _IN_A_DAY.index(event.kind), event.mark), reverse=True)[:most]


def _sent(body: Body, most: int) -> Iterator[Event]:
    for one in _of(body).filter(sent_on__isnull=False).order_by("-sent_on", "-id")[:most]:
        assert one.sent_on
        yield Event(one.sent_on, f"{one.code}.sent", "sent", one, one.organisation.name)


def _said(body: Body, most: int) -> Iterator[Event]:
    answers = Response.objects.filter(recommendation__body=body, corrects=None).select_related("recommendation")
    for response in answers.order_by("-said_on", "-id")[:most]:
        mark = f"{response.code}.answered"
        word = DISOWNED if response.disowned_by_id else response.outcome
        yield Event(response.said_on, mark, "answered", response.recommendation, word=word)
    deliveries = Delivery.objects.filter(recommendation__body=body).select_related("recommendation", "commitment")
    for delivery in deliveries.order_by("-said_on", "-id")[:most]:
        mark, promise = f"{delivery.code}.delivered", delivery.commitment
        yield Event(delivery.said_on, mark, "delivered", delivery.recommendation, promise=promise)
    checks = public_checks().filter(delivery__recommendation__body=body)
    checks = checks.select_related("organisation", "delivery__recommendation", "delivery__commitment")
    for check in checks.order_by("-said_on", "-id")[:most]:
        word = _word(check)
        mark, name = f"{check.code}.checked", check.organisation.name
        about, promise = check.delivery.recommendation, check.delivery.commitment
        yield Event(check.said_on, mark, "checked", about, name, word, promise=promise)
    for tally in public_tallies(body).order_by("-counted_on", "-id")[:most]:
        said, mark = tally.delivery, f"{tally.delivery.code}.judged.{tally.counted_on.isoformat()}"
        yield Event(
            tally.counted_on, mark, "judged", said.recommendation, word=tally.fact().says, promise=said.commitment
        )


def public_tallies(body: Body) -> QuerySet[Tally]:
    """What those who spoke said of a body's deliveries, as it was published."""
    of_it = Tally.objects.filter(delivery__recommendation__body=body)
    return of_it.select_related("delivery__recommendation", "delivery__commitment")


def _on_the_way(body: Body, most: int) -> Iterator[Event]:
    """A question back, more time, promises, and what peers hold against an answer."""
    about: dict[str, Any] = {"recommendation__body": body}
    own = not_by_others("recommendation__body", "asked_on")
    questions = Question.objects.filter(own, **about).select_related("recommendation").order_by("-asked_on", "-id")
    for question in questions[:most]:
        of = question.recommendation
        yield Event(question.asked_on, f"{of.code}.asked", "asked", of)
    extensions = (
        Extension.objects.filter(not_by_others("recommendation__body"), **about)
        .select_related("recommendation")
        .order_by("-said_on", "-id")
    )
    for longer in extensions[:most]:
        of = longer.recommendation
        yield Event(longer.said_on, f"{of.code}.extended", "extended", of, until=longer.until)
    promises = public_named().filter(**about).select_related("recommendation", "said_by")
    for promise in promises.order_by("-said_on", "-id")[:most]:
        word, by = promise.source, promise.said_by.name
        more: dict[str, Any] = {"promise": promise, "until": promise.due_on}
        yield Event(promise.said_on, f"{promise.code}.promised", "promised", promise.recommendation, by, word, **more)
    against = Dissent.objects.filter(response__recommendation__body=body)
    against = against.select_related("organisation", "response__recommendation").order_by("-said_on", "-id")
    for dissent in against[:most]:
        mark, name = f"{dissent.code}.dissent", dissent.organisation.name
        yield Event(dissent.said_on, mark, "dissent", dissent.response.recommendation, name)


def _broken(body: Body, day: datetime.date, most: int) -> Iterator[Event]:
    """Days that passed without "done", also where it came later: of each promise, and of a yes that named no day."""
    of_it = Q(commitment=OuterRef("pk")) | Q(commitment__isnull=True, said_on__gte=OuterRef("said_on"))
    said = Delivery.objects.filter(of_it, recommendation=OuterRef("recommendation"))
    done = said.filter(said_on__lte=OuterRef("due_on"))
    promises = public_held().filter(~Exists(done), recommendation__body=body, due_on__lt=day)
    newest = (Greatest("due_on", "said_on").desc(), "-id")
    for promise in promises.select_related("recommendation").order_by(*newest)[:most]:
        broken = _past(promise.recommendation, promise.due_on, f"{promise.code}.broken", "broken")
        yield replace(broken, day=max(broken.day, promise.said_on))  # a law's day may have passed before it was named
    done = Delivery.objects.filter(recommendation=OuterRef("pk"), said_on__lte=OuterRef("done_by"))
    unnamed = _of(body).filter(~Exists(done), outcome__in=_YES, is_promised=False, done_by__lt=day)
    for one in unnamed.order_by("-done_by", "-id")[:most]:
        assert one.done_by
        yield _past(one, one.done_by, f"{one.code}.undone", "undone")


def _past(of: Recommendation, until: datetime.date, mark: str, kind: str) -> Event:
    """On the day after a day that passed."""
    return Event(until + datetime.timedelta(days=1), mark, kind, of, until=until)


def _word(check: Verification) -> str:
    """What one check says by itself: a yes that nobody was paid for, or of whom the body pays, confirms nothing."""
    if check.verdict != _CONFIRMED:
        return check.verdict
    return DEPENDENT if not check.is_independent else _CONFIRMED if check.is_paid else State.UNPAID.value


def _silences(body: Body, day: datetime.date, most: int) -> Iterator[Event]:
    """Silence that began, also where an answer has ended it since: after the first deadline, and after a review day."""
    late = Q(answered_on__isnull=True) | Q(answered_on__gt=F("due_on"))
    for one in _of(body).filter(late, due_on__lt=day).order_by("-due_on", "-id")[:most]:
        assert one.due_on
        yield _silence(one, one.due_on)
    own = Response.objects.filter(corrects=None, disowned_by=None)
    later = own.filter(recommendation=OuterRef("recommendation"), pk__gt=OuterRef("pk"))
    put_off = own.filter(recommendation__body=body, outcome=Outcome.DEFERRED)
    put_off = put_off.filter(~Exists(later.filter(said_on__lte=OuterRef("review_on"))), review_on__lt=day)
    for response in put_off.select_related("recommendation").order_by("-review_on", "-id")[:most]:
        assert response.review_on
        yield _silence(response.recommendation, response.review_on)


def _silence(of: Recommendation, due: datetime.date) -> Event:
    return _past(of, due, f"{of.code}.silent.{due.isoformat()}", "silent")


def public_owed(body: Body) -> QuerySet[Recommendation]:
    """Those whose clock runs, and those that have to be done by a day that no promise names."""
    unnamed = Q(outcome__in=_YES, done_by__isnull=False, is_promised=False, delivered_on__isnull=True)
    found = Recommendation.objects.filter(body=body).only(
        "code", "text", "acknowledge_by", "was_heard", "outcome", "owed_on", "done_by"
    )
    return found.filter(Q(owed_on__isnull=False) | unnamed).order_by("owed_on", "done_by", "id")


def public_owed_to(organisation: Organisation) -> QuerySet[Recommendation]:
    """Those that the organisation sent and that wait for an answer."""
    return Recommendation.objects.filter(organisation=organisation, owed_on__isnull=False).order_by("owed_on", "id")


def public_asked(organisation: Organisation) -> QuerySet[Question]:
    """The questions back that the organisation has not answered."""
    found = public_questions().filter(recommendation__organisation=organisation)
    return found.select_related("recommendation").order_by("id")


def public_promises(body: Body) -> QuerySet[Commitment]:
    """The promises that the body has not called kept, or that peers found not kept, by the day until which it has."""
    found = public_open_promises().filter(recommendation__body=body).select_related("recommendation")
    return found.only("code", "measure", "due_on", "recommendation__code", "recommendation__text")
