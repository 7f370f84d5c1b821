"""What people do in a conversation: propose, moderate, appeal, vote, take back."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext

from withus.acting import acting
from withus.compute.suppression import PUBLIC_FLOOR, may_replace
from withus.core import clock, codes
from withus.core.errors import Refused
from withus.deliberation import polis, queries, ties
from withus.deliberation.maps.actions import hold
from withus.deliberation.models import (
    Appeal,
    DeclineReason,
    PaperBatch,
    Participant,
    SealedTally,
    Statement,
    StatementState,
    TallyRelease,
    TurnoutRelease,
    Vote,
)
from withus.deliberation.queries import Votable
from withus.people.leaving import on_leaving
from withus.policy.facts import SYSTEM, Actor, ActorKind
from withus.policy.rules import Action
from withus.processes.models import Phase, Process
from withus.texts.actions import erase

MOST_WAITING = 5  # of one person in one process: a queue that nobody can flood
_STATES = {1: StatementState.ACCEPTED, 0: StatementState.PENDING, -1: StatementState.DECLINED}
# The guard on state and process stands in the statement itself: a statement taken back at this moment takes no vote,
# nor does one whose words two keys took away.
_CAST = """
INSERT INTO withus_vote (participant_id, statement_id, value)
SELECT p.id, s.id, %s FROM withus_participant p JOIN withus_statement s ON s.process_id = p.process_id
WHERE p.process_id = %s AND p.tie = %s AND s.id = %s AND s.state = 'accepted' AND s.text <> ''
ON CONFLICT (participant_id, statement_id) DO UPDATE SET value = excluded.value
"""
_COME_IN = """
INSERT INTO withus_participant (id, process_id, code, tie, is_paper) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (process_id, tie) DO NOTHING
"""
_TAKE_BACK = """
DELETE FROM withus_vote WHERE statement_id = %s
AND participant_id = (SELECT id FROM withus_participant WHERE process_id = %s AND tie = %s)
"""


def vote(actor: Actor, subject: Votable, *, value: int, tie: str) -> None:
    """Casts or changes one vote: agree 1, disagree −1, pass 0. Leaves no history and no time; raises Refused, Denied.

    Two first votes at once make one participant: the second waits for the first, then finds it.
    """
    if value not in {-1, 0, 1}:
        raise Refused(gettext("Choose agree, disagree or pass."), "value")
    if subject.is_unsealed:
        seal_ended(subject.process)
    with acting(actor, Action.VOTE, subject), connection.cursor() as cursor:
        facts = (value, subject.process, tie, subject.statement)
        cursor.execute(_CAST, facts)
        if not cursor.rowcount:
            cursor.execute(_COME_IN, [codes.row_number(), subject.process, codes.code(), tie, False])
            cursor.execute(_CAST, facts)
        if not cursor.rowcount:
            raise Refused(gettext("This statement no longer takes votes."), "value")


def take_back(actor: Actor, subject: Votable, *, tie: str) -> None:
    """Takes one's vote back, as if it had never been; raises Denied."""
    if subject.is_unsealed:
        seal_ended(subject.process)
    with acting(actor, Action.TAKE_BACK, subject), connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, [subject.statement, subject.process, tie])


def _add(process: Process, *, text: str, language: str, **more: object) -> Statement:
    """A new statement, numbered after the last; the door holds the process, so that no number is given twice."""
    if process.statements.filter(text=text).exclude(state=StatementState.WITHDRAWN).exists():
        raise Refused(
            gettext("Somebody has said exactly this already. Say it in another way, or vote on theirs."), "text"
        )
    last = process.statements.aggregate(last=Max("number"))["last"]
    return Statement.objects.create(
        process=process,
        number=1 if last is None else last + 1,
        text=text,
        language=language,
        proposed_on=clock.today(),
        **more,
    )


def _body(process: Process) -> str | None:
    return process.body.code if process.body else None


def propose(actor: Actor, process: Process, *, text: str, language: str, tie: str) -> Statement:
    """Proposes a statement; it waits for the peer editors. Raises Refused, Denied."""
    with acting(actor, Action.PROPOSE, process) as record:
        proposer, _ = Participant.objects.get_or_create(process=process, tie=tie)
        if proposer.statements.filter(state=StatementState.PENDING).count() >= MOST_WAITING:
            raise Refused(gettext("Five of your statements are waiting. You can add the next when one is decided."))
        statement = _add(process, text=text, language=language, proposed_by=proposer)
        record.told(statement.told(), by=ActorKind.PEERS, body=_body(process))
    return statement


def seed(actor: Actor, process: Process, *, text: str, language: str) -> Statement:
    """Adds one of the first statements in the organisation's name, open for votes at once; raises Refused, Denied."""
    with acting(actor, Action.SEED, process) as record:
        accepted = {"state": StatementState.ACCEPTED, "decided_on": clock.today(), "is_seed": True}
        statement = _add(process, text=text, language=language, **accepted)
        record.told(statement.told(), by=ActorKind.ORGANISATION, body=_body(process))
    return statement


def moderate(actor: Actor, statement: Statement, *, decision: str, reason: str = "", words: str = "") -> None:
    """Accepts or declines a proposed statement, with one of the reasons and one's own words; raises Refused, Denied."""
    with acting(actor, Action.MODERATE, statement) as record:
        if statement.state != StatementState.PENDING:
            raise Refused(gettext("Somebody has decided about this statement already."))
        is_declined = decision == StatementState.DECLINED
        if is_declined and reason not in set(DeclineReason.values) - {DeclineReason.IMPORTED}:
            raise Refused(gettext("Say why: choose one of the reasons."), "reason")
        statement.state = StatementState.DECLINED if is_declined else StatementState.ACCEPTED
        statement.decided_on, statement.decided_by_account = clock.today(), actor.account
        statement.decline_reason, statement.decline_words = (reason, words) if is_declined else ("", "")
        statement.save()
        facts = {"process": statement.process.code, "statement": statement.code, "state": str(statement.state)}
        record(
            "statement.moderated",
            facts | ({"reason": reason} if is_declined else {}),
            by=ActorKind.ORGANISATION,
            body=_body(statement.process),
            subject=statement.code,
            texts={"words": words} if is_declined and words else None,
        )


def appeal(actor: Actor, statement: Statement, *, reason: str, language: str, tie: str) -> Appeal:
    """Asks that somebody else looks again at one's declined statement, once; raises Refused, Denied."""
    statement.asked_by = tie
    with acting(actor, Action.APPEAL, statement) as record:
        if statement.state != StatementState.DECLINED or Appeal.objects.filter(statement=statement).exists():
            raise Refused(gettext("Only a declined statement can be looked at again, and only once."))
        made = Appeal.objects.create(statement=statement, reason=reason, language=language, made_on=clock.today())
        record.told(made.told(), by=ActorKind.PEERS, body=_body(statement.process))
    return made


def review(actor: Actor, appeal: Appeal, *, upheld: bool, answer: str) -> None:
    """Decides an appeal, as somebody who did not decide first; raises Refused, Denied."""
    with acting(actor, Action.REVIEW, appeal) as record:
        statement = Statement.objects.select_for_update(of=("self",), no_key=True).get(pk=appeal.statement_id)
        if appeal.upheld is not None or statement.state != StatementState.DECLINED:
            raise Refused(gettext("This appeal is decided already, or the statement was taken back."))
        appeal.upheld, appeal.answer, appeal.decided_on = upheld, answer, clock.today()
        appeal.save()
        if upheld:
            statement.state, statement.decided_on = StatementState.ACCEPTED, clock.today()
            statement.decline_reason = statement.decline_words = ""
            statement.save()
        facts = {
            "process": statement.process.code,
            "statement": statement.code,
            "appeal": appeal.code,
            "upheld": upheld,
        }
        record(
            "appeal.decided",
            facts,
            by=ActorKind.ORGANISATION,
            body=_body(statement.process),
            subject=appeal.code,
            texts={"answer": answer},
        )


def withdraw(actor: Actor, statement: Statement, *, tie: str) -> None:
    """Takes one's own statement back: its words are erased everywhere, a tombstone stays. Raises Refused, Denied."""
    statement.asked_by = tie
    with acting(actor, Action.WITHDRAW, statement) as record:
        if statement.state == StatementState.WITHDRAWN:
            raise Refused(gettext("This statement is taken back already."))
        facts = {"process": statement.process.code, "statement": statement.code}
        erase_statement(statement)
        record("statement.withdrawn", facts, by=ActorKind.PEERS, body=_body(statement.process), subject=statement.code)


def erase_statement(statement: Statement) -> None:
    """Erases the words of a statement and all that stands beside them. The caller decides and records."""
    erase(statement.code)
    made = Appeal.objects.filter(statement=statement).first()
    if made is not None:
        erase(made.code)
        Appeal.objects.filter(pk=made.pk).update(reason="")
    statement.text, statement.state, statement.decline_words = "", StatementState.WITHDRAWN, ""
    statement.decline_reason = ""
    statement.save()


def _insert_votes(votes: Iterable[tuple[int, int, int]]) -> None:
    """Many votes of newcomers (participant, statement, value) at once."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO withus_vote (participant_id, statement_id, value) VALUES (%s, %s, %s)", list(votes)
        )


def enter(actor: Actor, process: Process, *, ballots: Sequence[Mapping[int, int]], token: str) -> int:
    """Enters paper ballots (statement's number → vote), each as a newcomer; returns how many were new.

    The same token counts once, however often it is sent. Raises Refused with the ballot's number, and Denied.
    """
    seal_ended(process.pk)
    with acting(actor, Action.ENTER, process) as record:
        open_now = dict(queries.public_accepted(process).values_list("number", "pk"))
        for line, ballot in enumerate(ballots, 1):
            if unknown := sorted(set(ballot) - set(open_now)):
                says = gettext("Line %(line)s: no statement with the number %(number)s takes votes.")
                raise Refused(says % {"line": line, "number": unknown[0]}, "ballots")
        _, is_new = PaperBatch.objects.get_or_create(
            process=process, token=token, defaults={"entered_on": clock.today()}
        )
        if not is_new:
            raise Refused(gettext("These ballots are counted already. Nothing was counted twice."))
        people = Participant.objects.bulk_create(Participant(process=process, is_paper=True) for _ in ballots)
        pairs = zip(people, ballots, strict=True)
        _insert_votes((one.pk, open_now[number], value) for one, ballot in pairs for number, value in ballot.items())
        count = {"ballots": len(ballots)} if len(ballots) >= PUBLIC_FLOOR else {}
        record("ballots.entered", {"process": process.code} | count, by=ActorKind.ORGANISATION, subject=process.code)
    return len(ballots)


def import_polis(
    actor: Actor, process: Process, *, comments: bytes, votes: bytes, summary: bytes = b"", dry_run: bool = False
) -> polis.ImportReport:
    """Fills an empty process from Polis' files, all or nothing; raises Refused with every wrong line, and Denied.

    Days only: the time of day is dropped. Statements that nobody looked at are open if they took votes in Polis.
    """
    try:
        said = polis.read(comments, votes, summary)
    except polis.BadFiles as bad:
        raise Refused(str(bad)) from bad
    report = said.report(process.code, is_dry_run=dry_run)
    if process.statements.exists():
        raise Refused(gettext("This process has statements already. Import into a new one."))
    if dry_run:
        return report
    with acting(actor, Action.IMPORT, process) as record:
        if process.statements.exists():
            raise Refused(gettext("This process has statements already. Import into a new one."))
        _fill(process, said)
        facts = {"process": process.code, "statements": report.statements, "votes": report.votes}
        digests = {"comments_sha256": sha256(comments).hexdigest(), "votes_sha256": sha256(votes).hexdigest()}
        record("conversation.imported", facts | digests, by=ActorKind.ORGANISATION, subject=process.code)
        release_tallies(process)
    return report


def _fill(process: Process, said: polis.Conversation) -> None:
    states = {one.number: _STATES[said.standing(one)] for one in said.comments}
    numbers = {voter for voter, _ in said.votes} | {one.author for one in said.comments if one.author is not None}
    newcomers = [Participant(process=process, number=number) for number in sorted(numbers)]
    people = {one.number: one for one in Participant.objects.bulk_create(newcomers, batch_size=500)}
    statements = Statement.objects.bulk_create(
        [
            Statement(
                process=process,
                number=one.number,
                proposed_by=None if one.author is None else people[one.author],
                is_seed=one.is_seed,
                is_meta=one.is_meta,
                text=one.text,
                language=process.language,
                state=states[one.number],
                decline_reason=DeclineReason.IMPORTED if states[one.number] == StatementState.DECLINED else "",
                proposed_on=one.day or process.opened_on,
            )
            for one in said.comments
        ],
        batch_size=500,
    )
    at = {one.number: one.pk for one in statements}
    _insert_votes((people[voter].pk, at[comment], value) for (voter, comment), value in said.votes.items())


def release_tallies(process: Process) -> int:
    """Publishes anew those counts that differ enough from what is published; returns how many changed."""
    published = {one.statement_id: one for one in TallyRelease.objects.filter(statement__process=process)}
    today, changed = clock.today(), []
    for statement, counts in queries.public_counts(process).items():
        before = published.get(statement)
        if may_replace((before.agrees, before.disagrees, before.passes) if before else None, counts[:3]):
            named = dict(zip(("agrees", "disagrees", "passes", "on_paper"), counts, strict=True))
            changed.append(TallyRelease(statement_id=statement, released_on=today, **named))
    fields = ["agrees", "disagrees", "passes", "on_paper", "released_on"]
    TallyRelease.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["statement"], update_fields=fields, batch_size=500
    )
    people = Participant.objects.filter(process=process, pk__in=Vote.objects.values("participant_id"))
    now, on_paper = people.count(), people.filter(is_paper=True).count()
    turnout = TurnoutRelease.objects.filter(process=process).first()
    if may_replace((turnout.people,) if turnout else None, (now,)):
        values = {"people": now, "on_paper": on_paper, "released_on": today}
        TurnoutRelease.objects.update_or_create(process=process, defaults=values)
    return len(changed)


def seal(actor: Actor, phase: Phase) -> SealedTally:
    """Seals the released counts of a phase that has ended: their bytes here, their hash in the public log.

    Its votes are held as they are until its map is sealed too.

    What small counts hold back stays held back: a hash of them could be guessed. Raises Refused if another run was
    faster.
    """
    with acting(actor, Action.SEAL, phase) as record:
        if phase.sealed_on is not None:
            raise Refused(gettext("The counts of this phase are sealed already."))
        release_tallies(phase.process)
        content = queries.public_sealing(phase)
        digest = sha256(content.encode()).hexdigest()
        phase.sealed_on = clock.today()
        phase.save(update_fields=["sealed_on"])
        sealed = SealedTally.objects.create(phase=phase, content=content, sha256=digest)
        hold(phase)
        record.told(sealed.told(), by=ActorKind.SYSTEM, body=_body(phase.process))
    return sealed


def seal_ended(process: int | None = None) -> int:
    """Seals each phase that has ended, of one process or of all; returns how many.

    A job does this every minute. Before the first vote of a later phase it is done at once, or that vote would count in
    the earlier one.
    """
    done = 0
    ended = queries.due_seals(clock.today())
    for phase in ended if process is None else ended.filter(process=process):
        with suppress(Refused):  # another run was faster
            seal(SYSTEM, phase)
            done += 1
    return done


@on_leaving
def part(account: int, key: bytes, keeps_what_was_said: bool) -> None:
    """What a person who leaves takes along, by her participation key: nothing but the tie, or everything she said.

    Kept, her votes and statements are nobody's from now on; nobody can ever tie them to her again.
    """
    Statement.objects.filter(decided_by_account=account).update(decided_by_account=None)
    own = {ties.tie_of(key, code) for code in Process.objects.values_list("code", flat=True)}
    for participant in Participant.objects.filter(tie__in=own).select_for_update(of=("self",)):
        if keeps_what_was_said:
            participant.tie = None
            participant.save(update_fields=["tie"])
            continue
        for statement in participant.statements.select_for_update(of=("self",)):
            erase_statement(statement)
        participant.delete()
