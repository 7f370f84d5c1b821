"""The scene of these tests: a peer organisation with an open process, and the people around it."""

import datetime
import json
import random
from pathlib import Path
from typing import Any

from django.test import Client

from withus.core import clock, codes
from withus.deliberation import actions, polis, ties
from withus.deliberation.models import Participant, Statement, Vote
from withus.people import sessions
from withus.people.models import Account, Membership, Organisation, OrganisationKind, Session
from withus.policy.facts import SYSTEM, VISITOR, Actor, Role, Standing
from withus.processes.actions import open_process, plan
from withus.processes.models import PhaseKind, Process
from withus.public_log.models import LogEntry

ORG = "PEERS"
DATA = Path(__file__).parents[2] / "src/withus/demo/data/polis"
KEYS = {name: bytes([number]) * 32 for number, name in enumerate(("ana", "bo", "lu", "eve", "mina", "cem"), 1)}


def somebody(account: int, role: Role, organisation: str = ORG) -> Actor:
    """A signed-in person with one role."""
    return Actor(
        account, f"person-{account}", frozenset({Standing(role, organisation, is_of_peers=organisation != "BODY")})
    )


ANA = somebody(1, Role.PEER)
BO = somebody(2, Role.PEER)
LU = somebody(3, Role.ORG_STEWARD)
EVE = somebody(4, Role.PEER_EDITOR)
MINA = somebody(5, Role.BODY_SECRETARY, "BODY")
CEM = somebody(6, Role.ORG_STEWARD, "ELSEWHERE")
EVERYBODY = {"visitor": VISITOR, "ana": ANA, "lu": LU, "eve": EVE, "mina": MINA, "cem": CEM, "system": SYSTEM}


def organisation(code: str = ORG, **more: Any) -> Organisation:
    """A peer organisation."""
    kind = more.pop("kind", OrganisationKind.PEER)
    return Organisation.objects.get_or_create(
        code=code, defaults={"kind": kind, "name": f"The {code}", "founded_on": clock.today(), **more}
    )[0]


def process(code: str = "TALK", *, is_open: bool = True, **more: Any) -> Process:
    """A process of the peer organisation; open means that a phase takes statements and votes today."""
    given = {"title": "Night opening", "about": "When is the room open?", "language": "en"} | more
    made = open_process(SYSTEM, organisation(), **given, code=code)
    if is_open:
        phase(made)
    return made


def phase(of: Process, *, first: int = 0, last: int = 10, **more: Any) -> Any:
    """A phase from `first` to `last`, in days from today."""
    day, one = clock.today(), datetime.timedelta(days=1)
    given = {
        "kind": PhaseKind.DESIGN,
        "level": 2,
        "can_change": "The hours",
        "cannot_change": "The rent",
        "language": "en",
        "takes_statements": True,
        "takes_votes": True,
    } | more
    return plan(SYSTEM, of, **given, opens_on=day + first * one, closes_on=day + last * one)


def statement(of: Process, text: str = "") -> Statement:
    """A statement that takes votes."""
    return actions.seed(LU, of, text=text or f"Statement {codes.code(6)}", language="en")


def tie(name: str, of: Process) -> str:
    """The tie of one of the people."""
    return ties.tie_of(KEYS[name], of.code)


def statement_of_the_past(of: Process) -> Statement:
    """A statement of a phase that has ended."""
    return Statement.objects.create(process=of, number=1, text="Said then", state="accepted", proposed_on=clock.today())


def cast(of: Statement, agree: int = 0, disagree: int = 0, passed: int = 0) -> None:
    """Votes of that many newcomers, whatever day it is."""
    values = [1] * agree + [-1] * disagree + [0] * passed
    people = Participant.objects.bulk_create(Participant(process=of.process, tie=codes.key().hex()) for _ in values)
    for one, value in zip(people, values, strict=True):
        Vote.objects.create(participant=one, statement=of, value=value)


def camps(of: Process, *sizes: int, asked: list[Statement] | None = None) -> list[Statement]:
    """Newcomers in two camps that contradict each other on all statements but the first, on which nearly all agree."""
    asked = asked or [statement(of, f"Sentence {number}") for number in range(10)]
    people = Participant.objects.bulk_create(Participant(process=of, tie=codes.key().hex()) for _ in range(sum(sizes)))
    votes, dice = [], random.Random(7)
    for place, one in enumerate(people):
        for number, about in enumerate(asked):
            side = 1 if number == 0 or (place < sizes[0]) == (number % 2 == 0) else -1
            votes.append(Vote(participant=one, statement=about, value=-side if dice.random() < 0.04 else side))
    Vote.objects.bulk_create(votes)
    return asked


def records() -> list[dict[str, Any]]:
    """The entries of the public log, in their order."""
    return [json.loads(bytes(body)) for body in LogEntry.objects.order_by("seq").values_list("body", flat=True)]


def signed_in(name: str, role: Role = Role.PEER, organisation_code: str = ORG) -> Client:
    """A browser in which one of the people is signed in."""
    account, is_new = Account.objects.get_or_create(
        pseudonym=name, defaults={"verifier": "", "wrapped_key": b"", "joined_on": clock.today()}
    )
    if is_new:
        Membership.objects.create(
            account=account, organisation=organisation(organisation_code), role=role, since=clock.today()
        )
    info = sessions.fresh(KEYS[name], is_shared=False)
    ends = clock.today() + datetime.timedelta(days=1)
    Session.objects.create(digest=codes.digest(info.token), account=account, ends_on=ends)
    client = Client()
    client.cookies[sessions.COOKIE] = sessions._sealed(info)
    return client


def import_polis(name: str, code: str, *, dry_run: bool = False) -> polis.ImportReport:
    """One of the demo's real conversations, into a process."""
    files = {one: (DATA / name / f"{one}.csv").read_bytes() for one in ("comments", "votes", "summary")}
    return actions.import_polis(SYSTEM, Process.objects.get(code=code), **files, dry_run=dry_run)
