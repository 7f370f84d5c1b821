"""Statements as each may see them, votes as only their owner may, and the counts as they are released."""

import datetime
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.compute.suppression import ANSWERS, Share, Shown, Turnout, part_of, share_of, shown, turnout_of
from withus.core import clock, codes
from withus.core.edition import kept
from withus.deliberation import polis, telling  # noqa: F401  importing `telling` registers what rows tell
from withus.deliberation.models import (
    Appeal,
    Participant,
    SealedTally,
    Statement,
    StatementState,
    TallyRelease,
    TurnoutRelease,
    Vote,
)
from withus.policy.facts import Actor, Role
from withus.policy.rules import Action, decide
from withus.processes.models import Phase, Process
from withus.processes.queries import public_naming
from withus.public_log.telling import Named, names
from withus.texts.queries import public_said
from withus.texts.subjects import has_texts
from withus.web.language import in_digits

# One statement for everything that deciding about a vote needs; plain SQL, because this is the hottest path there is.
_VOTABLE = """
SELECT s.id, s.process_id, p.code, o.code, EXISTS (
    SELECT 1 FROM withus_phase f WHERE f.process_id = p.id AND f.takes_votes AND f.opens_on <= %s AND f.closes_on >= %s
    AND f.sealed_on IS NULL
), EXISTS (
    SELECT 1 FROM withus_phase f WHERE f.process_id = p.id AND f.takes_votes AND f.closes_on < %s
    AND f.sealed_on IS NULL
), s.state
FROM withus_statement s JOIN withus_process p ON p.id = s.process_id
JOIN withus_organisation o ON o.id = p.organisation_id
WHERE p.code = %s AND s.code = %s
"""


@dataclass(frozen=True)
class Votable:
    """The plain facts of a statement that somebody votes on; no row is held for a vote."""

    statement: int
    process: int
    process_code: str
    organisation_code: str
    is_open: bool
    is_unsealed: bool  # a phase has ended whose counts are not sealed yet
    state: str

    def takes(self, feature: str) -> bool:
        """Whether the phase of today takes votes, for the policy."""
        return feature == "votes" and self.is_open


@dataclass(frozen=True)
class Row:
    """A statement with its released counts, held back where they are small."""

    statement: Statement
    counts: Shown
    agree: Share | None
    from_paper: int | None
    released_on: datetime.date | None


def public_votable(process: str, statement: str) -> Votable | None:
    """What deciding about a vote needs, for a statement of this very process; None if there is none to be seen."""
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(_VOTABLE, [today, today, today, process, statement])
        row = cursor.fetchone()
    if row is None or row[6] in {StatementState.PENDING, StatementState.DECLINED}:
        return None
    pk, in_process, code, organisation, is_open, is_unsealed, state = row
    return Votable(pk, in_process, code, organisation, bool(is_open), bool(is_unsealed), state)


def own_votes(actor: Actor, process: Process, tie: str) -> QuerySet[Vote]:
    """The votes of the owner of the tie; nobody else can name it."""
    return (
        Vote.objects.filter(participant__process=process, participant__tie=tie)
        .filter(statement__state=StatementState.ACCEPTED)
        .select_related("statement")
        .order_by("statement__number")
    )


def has_voted(actor: Actor, process: Process, tie: str) -> bool:
    """Whether the owner of the tie has voted here at all."""
    return Vote.objects.filter(participant__process=process, participant__tie=tie).exists()


def own_statements(actor: Actor, process: Process, tie: str) -> QuerySet[Statement]:
    """What the owner of the tie has proposed, with what became of it."""
    own = Statement.objects.filter(process=process, proposed_by__tie=tie)
    return own.select_related("process__organisation", "appeal").order_by("number")


def public_statements() -> QuerySet[Statement]:
    """Statements that everybody may know of: not those that wait for the peer editors."""
    everyones = Statement.objects.exclude(state=StatementState.PENDING)
    return everyones.select_related("process__organisation", "process__body__organisation", "released", "appeal")


def public_accepted(process: Process) -> QuerySet[Statement]:
    """The statements of a process that take votes, by number."""
    return Statement.objects.filter(process=process, state=StatementState.ACCEPTED).order_by("number")


@kept(2000)
def public_votable_text(code: str, language: str) -> Statement | None:
    """An accepted statement as it is put to a voter who reads this language; its text is the same for all of them."""
    found = public_said(
        "statement", Statement.objects.filter(code=code, state=StatementState.ACCEPTED).exclude(text="")
    )
    return found[0] if found else None


def is_editor(actor: Actor, statement: Statement) -> bool:
    """Whether the actor may moderate it, and therefore read it whatever its state."""
    return bool(decide(actor, Action.MODERATE, statement))


def public_ballots_are_open(process: Process) -> bool:
    """Whether everybody may have the ballots: the process said so when it opened, and its voting has ended."""
    voting = [phase for phase in process.phases.all() if phase.takes_votes]
    return process.publishes_votes and bool(voting) and all(phase.closes_on < clock.today() for phase in voting)


def is_steward(actor: Actor, process: Process) -> bool:
    """Whether the actor is a steward of the peer organisation that reads the process's statements."""
    return actor.holds(Role.ORG_STEWARD, process.editors_code)


def statement_seen_by(actor: Actor, process: str, code: str, tie: str) -> Statement | None:
    """A statement if this person may know of it: everybody's, her own, or one that she moderates."""
    found = (
        Statement.objects.filter(process__code=process, code=code)
        .select_related("process__organisation", "process__body__organisation", "released", "proposed_by", "appeal")
        .first()
    )
    if found is None:
        return None
    found.asked_by = tie
    may_know = found.state != StatementState.PENDING or found.is_own or is_editor(actor, found)
    return found if may_know else None


def may_read(actor: Actor, statement: Statement) -> bool:
    """Whether the words are for whoever asks: accepted ones are for all, others for the proposer and the editors."""
    return statement.state == StatementState.ACCEPTED or statement.is_own or is_editor(actor, statement)


def waiting_statements(actor: Actor, process: Process) -> QuerySet[Statement]:
    """What waits for the peer editors, oldest first; nothing for anybody else."""
    waiting = Statement.objects.filter(process=process, state=StatementState.PENDING)
    allowed = decide(actor, Action.MODERATE, process)
    found = (waiting if allowed else waiting.none()).order_by("number")
    return found.select_related("process__organisation", "process__body__organisation")


def waiting_appeals(actor: Actor, process: Process) -> QuerySet[Appeal]:
    """Appeals that nobody has decided; nothing for anybody but the editors."""
    waiting = Appeal.objects.filter(statement__process=process, upheld__isnull=True)
    allowed = decide(actor, Action.MODERATE, process)
    found = (waiting if allowed else waiting.none()).order_by("id")
    return found.select_related("statement__process__organisation", "statement__process__body__organisation")


def public_row(statement: Statement) -> Row:
    """A statement's released counts as they may be shown; nothing of them before the first release."""
    release: TallyRelease | None = getattr(statement, "released", None)
    if release is None:
        return Row(statement, shown(0, 0, 0), None, 0, None)
    counts = shown(release.agrees, release.disagrees, release.passes)
    paper = part_of(release.on_paper, counts.total)
    return Row(statement, counts, share_of(counts, "agree"), paper, release.released_on)


def public_results(process: Process) -> list[Row]:
    """Every accepted statement with its released counts, by number."""
    return [public_row(one) for one in public_accepted(process).select_related("process", "released")]


def public_agreement(rows: Sequence[Row]) -> list[Row]:
    """What most agree on: rows whose share of agreement is surely over a half, the surest first."""
    sure = [row for row in rows if row.agree is not None and row.agree.low > 50]
    return sorted(sure, key=lambda row: (-row.agree.low if row.agree else 0, row.statement.number))


@kept(256)
def public_is_imported(code: str) -> bool:
    """Whether votes of the process were cast elsewhere, and came here in files."""
    found: bool = Participant.objects.filter(process__code=code, number__isnull=False, votes__isnull=False).exists()
    return found


def public_turnout(process: Process, rows: Sequence[Row]) -> Turnout:
    """How many people voted, as far as it gives nothing away that the rows hold back."""
    release = TurnoutRelease.objects.filter(process=process).first()
    people, on_paper = (release.people, release.on_paper) if release else (None, 0)
    return turnout_of(people, on_paper, [row.counts for row in rows if row.released_on])


def public_answered(phases: QuerySet[Phase]) -> QuerySet[Phase]:
    """Those of the phases in which people have voted: the counts of an accepted statement, said before the phase ended,
    were published since it began, so that ten people at least have answered it."""
    said = TallyRelease.objects.filter(statement__process=OuterRef("process"), released_on__gte=OuterRef("opens_on"))
    said = said.filter(statement__state=StatementState.ACCEPTED, statement__proposed_on__lte=OuterRef("closes_on"))
    return phases.filter(Exists(said))


def public_sealed(process: str, phase: str) -> SealedTally | None:
    """The sealed counts of a phase that has ended."""
    return SealedTally.objects.filter(phase__process__code=process, phase__code=phase).first()


def public_sealing(phase: Phase) -> str:
    """The released counts of a phase's process as canonical JSON (RFC 8785), null where they are held back."""
    rows = public_results(phase.process)
    turnout = public_turnout(phase.process, rows)
    content = {
        "process": phase.process.code,
        "phase": phase.code,
        "closed_on": phase.closes_on.isoformat(),
        "people": turnout.people,
        "people_at_least": turnout.at_least,
        "from_paper": turnout.from_paper,
        "statements": [
            {
                "statement": row.statement.code,
                **{name: row.counts.cells.get(name) for name in ANSWERS},
                "votes_at_least": row.counts.at_least,
                "votes_at_most": row.counts.at_most,
                "from_paper": row.from_paper,
            }
            for row in rows
        ],
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def public_counts(process: Process) -> Mapping[int, tuple[int, int, int, int]]:
    """Statement → exact agree, disagree, pass, and how many of these on paper. Only for releasing, never for a page."""
    votes = Vote.objects.filter(statement__process=process, statement__state=StatementState.ACCEPTED)
    rows = votes.values_list("statement_id").annotate(
        agrees=Count("value", filter=Q(value=1)),
        disagrees=Count("value", filter=Q(value=-1)),
        passes=Count("value", filter=Q(value=0)),
        on_paper=Count("value", filter=Q(participant__is_paper=True)),
    )
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows.order_by()}


def due_releases(day: datetime.date) -> QuerySet[Process]:
    """Processes whose counts may have changed: a phase that takes votes has begun and is not sealed."""
    running = Phase.objects.filter(takes_votes=True, opens_on__lte=day, sealed_on__isnull=True)
    return Process.objects.filter(pk__in=running.values("process_id")).order_by("pk")


def due_seals(day: datetime.date) -> QuerySet[Phase]:
    """Phases that took votes and have ended, without a seal."""
    ended = Phase.objects.filter(takes_votes=True, closes_on__lt=day, sealed_on__isnull=True)
    return ended.select_related("process__organisation").order_by("closes_on", "pk")


def conversation_for(actor: Actor, process: Process, *, is_whole: bool) -> polis.Conversation:
    """A conversation as Polis' files hold it: voters under new random numbers, authors apart from them, votes undated.

    Whole with declined statements for the organisation's stewards; otherwise only what everybody may read.
    """
    wanted = [StatementState.ACCEPTED, *([StatementState.DECLINED, StatementState.PENDING] if is_whole else [])]
    statements = list(Statement.objects.filter(process=process, state__in=wanted).order_by("number"))
    number = {one.pk: one.number for one in statements}
    cast = list(Vote.objects.filter(statement__in=number).values_list("participant_id", "statement_id", "value"))
    voters = {person: place for place, person in enumerate(codes.shuffled(sorted({vote[0] for vote in cast})))}
    writing = sorted({one.proposed_by_id for one in statements if one.proposed_by_id})
    authors = {person: len(voters) + place for place, person in enumerate(codes.shuffled(writing))}
    standing = {StatementState.ACCEPTED: 1, StatementState.PENDING: 0, StatementState.DECLINED: -1}
    enough = Counter(vote[0] for vote in cast)
    summary = {
        "topic": process.title,
        "url": "",
        "voters": str(len(voters)),
        "voters-in-conv": str(sum(votes >= min(7, len(statements)) for votes in enough.values())),
        "commenters": str(len(authors)),
        "comments": str(len(statements)),
        "groups": "",
        "conversation-description": process.about,
    }
    comments = tuple(
        polis.Comment(
            number=one.number,
            author=authors.get(one.proposed_by_id) if one.proposed_by_id else None,
            text=one.text,
            moderated=standing[StatementState(one.state)],
            is_meta=one.is_meta,
            is_seed=one.is_seed,
            day=one.proposed_on,
        )
        for one in statements
    )
    return polis.Conversation(summary, comments, {(voters[v[0]], number[v[1]]): v[2] for v in cast}, len(cast))


def _statement(actor: Actor, code: str) -> Statement | None:
    found = Statement.objects.filter(code=code).select_related("process__organisation").first()
    return found if found and may_read(actor, found) else None


has_texts("statement", _statement, text=_("Statement"))


def _named_statements(codes: Collection[str]) -> dict[str, Named]:
    found = {}
    for one in Statement.objects.filter(code__in=codes).select_related("process__organisation", "process__beside"):
        address = "" if one.state == StatementState.PENDING else one.get_absolute_url()
        name = gettext("Statement %(number)s") % {"number": in_digits(one.number)}
        found[one.code] = replace(public_naming(one.process, name, address), language="", is_title=False)
    return found


names("statement", _named_statements)
