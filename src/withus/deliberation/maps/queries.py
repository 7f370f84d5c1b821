"""Maps as everybody may see them, one's own place on one, and what is due to be drawn or sealed."""

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from withus.compute.placing import SIDE, STEP, nearest, place
from withus.compute.republishing import PEOPLE_DIFFER, sure, sure_cohorts
from withus.compute.routing import next_statement
from withus.compute.suppression import Basis, may_redraw, shown
from withus.core import clock
from withus.core.edition import kept
from withus.deliberation.maps import telling as telling
from withus.deliberation.maps.models import DrawnMap, HeldVote, SealedMap
from withus.deliberation.models import Statement, StatementState, TallyRelease, TurnoutRelease, Vote
from withus.deliberation.queries import own_votes, public_ballots_are_open, public_counts
from withus.policy.facts import Actor, Role
from withus.policy.rules import Action, decide
from withus.processes.models import Phase, Process
from withus.web.language import in_digits

LETTERS = "ABCDE"
ENOUGH = 7  # votes, from which on somebody belongs to a group
_ASKED = """
SELECT s.code, s.number, v.participant_id IS NOT NULL FROM withus_statement s
LEFT JOIN withus_participant p ON p.process_id = s.process_id AND p.tie = %s
LEFT JOIN withus_vote v ON v.participant_id = p.id AND v.statement_id = s.id
WHERE s.process_id = %s AND s.state = 'accepted' AND s.text <> ''
"""


@dataclass(frozen=True)
class Entry:
    """A statement in one of a map's lists, with what the list says of it, and of it without each group (by letter)."""

    statement: Statement
    says: Mapping[str, Any]

    @property
    def share(self) -> str:
        """How many of the group say so."""
        return _in_words(self.says["share"])

    @property
    def others(self) -> str:
        """How many of all others do."""
        return _in_words(self.says["others"])

    @property
    def without(self) -> list[tuple[str, int]]:
        """The floor with each group left out."""
        return list(zip(LETTERS, self.says["without"], strict=False))

    @property
    def uncounted(self) -> str:
        """The groups that are too small to be counted in the floor."""
        return ", ".join(LETTERS[group] for group in self.says["uncounted"])

    @property
    def others_without(self) -> list[tuple[str, str]]:
        """How many of the others do, with each further group left out where enough voted."""
        told = zip(LETTERS, self.says["without"], strict=False)
        return [(name, _in_words(share)) for name, share in told if share is not None]

    @property
    def shares(self) -> list[str]:
        """How many agree on each side of the divide."""
        return [_in_words(share) for share in self.says.get("shares", ())]

    @property
    def falls_without(self) -> list[str]:
        """The groups without which it would not be on the list."""
        return [name for name, stays in zip(LETTERS, self.says["stays"], strict=False) if not stays]


def _in_words(percent: int) -> str:
    """A share as it is told: never as all or none of a group."""
    says = {95: gettext("%(percent)s %% or more"), 5: gettext("%(percent)s %% or less")}
    return says.get(percent, gettext("about %(percent)s %%")) % {"percent": in_digits(percent)}


@dataclass(frozen=True)
class Seen:
    """A map as pages show it: statements that are gone since it was drawn are left out."""

    drawn: DrawnMap
    content: Mapping[str, Any]
    groups: tuple[Mapping[str, Any], ...]
    agreement: tuple[Entry, ...]
    freed: tuple[tuple[str, tuple[Statement, ...]], ...]  # of each group by whom alone some are not on the list
    bridging: tuple[Entry, ...]
    said: tuple[tuple[Mapping[str, Any], tuple[Entry, ...]], ...]

    @property
    def is_unsure_of_small(self) -> bool:
        """Whether of some it is not told if every group agrees: an earlier version did not hear small groups."""
        return bool(self.content["unsure"])

    @property
    def has_places(self) -> bool:
        """Whether one's own place can be told from it; an earlier version kept another model."""
        return "placing" in json.loads(self.drawn.inside)

    @property
    def has_uncounted(self) -> bool:
        """Whether a group is too small to be counted in a floor on the list."""
        return any(one.uncounted for one in self.agreement)

    @property
    def statements(self) -> list[Statement]:
        """Every statement in it."""
        lists = (self.agreement, self.bridging, *(entries for _, entries in self.said))
        freed = (one for _, found in self.freed for one in found)
        every = chain((entry.statement for entries in lists for entry in entries), freed)
        return list({one.pk: one for one in every}.values())


def public_map(process: Process, statements: Iterable[Statement]) -> Seen | None:
    """The process's map as it was drawn last; None if none was drawn. `statements` are those that may be shown."""
    drawn = DrawnMap.objects.filter(process=process).defer("inside").first()
    if drawn is None:
        return None
    content, by_number = json.loads(drawn.content), {one.number: one for one in statements}

    def entries(found: list[dict[str, Any]]) -> tuple[Entry, ...]:
        return tuple(Entry(by_number[one["statement"]], one) for one in found if one["statement"] in by_number)

    if "unsure" not in content:  # an earlier version's: a small group may reject what was on its list
        content |= sure(*drawn.read())
    groups = tuple(group | {"name": LETTERS[number]} for number, group in enumerate(content["groups"]))
    said = zip(groups, map(entries, content["said"]), strict=True) if groups else ()
    each = [tuple(by_number[one] for one in found if one in by_number) for found in content.get("freed", ())]
    freed = tuple((name, found) for name, found in zip(LETTERS, each, strict=False) if found)
    return Seen(drawn, content, groups, entries(content["agreement"]), freed, entries(content["bridging"]), tuple(said))


@dataclass(frozen=True)
class Own:
    """Where somebody stands on the picture; `group` is the nearest one to that point, None after too few votes.

    In steps so wide that nobody learns how others voted by changing her votes and looking where she stands then.
    """

    x: int
    y: int
    wide: int
    tall: int
    turn: int
    votes: int
    group: str | None

    @property
    def beside(self) -> int:
        """How far down its word stands: above the ellipse, or below where there is no room."""
        reach = max(self.wide, self.tall)
        return self.y - reach - 8 if self.y - reach > 0 else self.y + reach + 22


def own_place(actor: Actor, process: Process, tie: str, seen: Seen) -> Own | None:
    """The place of the owner of the tie, made anew for this one answer; None without votes on what is on the map."""
    inside = json.loads(seen.drawn.inside)
    own = dict(own_votes(actor, process, tie).values_list("statement__number", "value"))
    model = inside.get("placing", [])
    at = place(own, model)
    if not at.votes or not seen.groups:
        return None
    x, y, scale = inside["frame"]
    across, down = _stepped(SIDE / 2 + (at.x - x) * scale), _stepped(SIDE / 2 - (at.y - y) * scale)
    middles = [(SIDE / 2 + (one - x) * scale, SIDE / 2 - (other - y) * scale) for one, other in inside["centers"]]
    return Own(
        across, down, _stepped(at.wide * scale), _stepped(at.tall * scale), STEP * round(-at.turn / STEP) % 180,
        at.votes, LETTERS[nearest(across, down, middles)] if at.votes >= min(ENOUGH, len(model)) else None,
    )  # fmt: skip


def _stepped(value: float) -> int:
    return STEP * round(min(max(value, STEP), SIDE - STEP) / STEP)


def next_left(actor: Actor, process: Process, tie: str) -> tuple[str | None, int]:
    """The statement that the owner of the tie is asked next, by its code, and how many are left.

    It follows from what is public, from the model of a map on which people differ, and from which statements she has
    answered, not how.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [tie, process.pk])
        asked = cursor.fetchall()
    left = {number: code for code, number, is_answered in asked if not is_answered}
    answered = {number for _, number, is_answered in asked if is_answered}
    found = next_statement(left, answered, *public_heard(process.code), bytes.fromhex(tie))
    return (None if found is None else left[found]), len(left)


@kept(16)
def public_heard(process: str) -> tuple[Mapping[int, int], list[list[float]]]:
    """Published votes by statement, and the model of a map on which people differ. Only to order statements by.

    People differ where there are groups, and where they lie along a line, in one cloud or in no stable groups. The
    model is part of the picture, so it moves only with it.
    """
    rows = TallyRelease.objects.filter(statement__process__code=process)
    counts = rows.values_list("statement__number", "agrees", "disagrees", "passes")
    drawn = DrawnMap.objects.filter(process__code=process).first()
    differs = drawn is not None and json.loads(drawn.content)["why"] in PEOPLE_DIFFER
    model = json.loads(drawn.inside).get("placing", []) if drawn and differs else []
    return {number: shown(*cells).at_least for number, *cells in counts}, model


def cohorts(actor: Actor, process: Process) -> list[dict[str, Any]]:
    """The people whose part in the list is looked at, for whoever reads the statements; nothing for anybody else."""
    drawn = DrawnMap.objects.filter(process=process).first()
    if drawn is None or not decide(actor, Action.MODERATE, process):
        return []
    content, inside = drawn.read()
    unsure = content["unsure"] if "unsure" in content else sure(content, inside)["unsure"]
    return [
        one | {"name": None if one["group"] is None else LETTERS[one["group"]], "unsure": unsure}
        for one in sure_cohorts(content, inside)
    ]


def public_basis(inside: str) -> Basis:
    """The counts that a map rests on, from what is kept of it. Only for deciding whether it may change."""
    kept = json.loads(inside)
    return Basis({number: tuple(counts) for number, *counts in kept["counts"]}, kept["people"])


def public_basis_now(process: Process) -> Basis:
    """The counts on which a map of this moment would rest. Only for deciding, never for a page."""
    numbers = dict(Statement.objects.filter(process=process).values_list("pk", "number"))
    cast = Vote.objects.filter(statement__process=process, statement__state=StatementState.ACCEPTED)
    people = cast.aggregate(people=Count("participant", distinct=True))["people"]
    return Basis({numbers[pk]: counts[:3] for pk, counts in public_counts(process).items()}, people)


def due_maps(day: datetime.date) -> list[tuple[Process, Basis, bool]]:
    """Processes whose map may have to be drawn: that take votes, or have counts and no map; and whether it has to.

    Those of which an ended phase still waits for its seal get their map with it.
    """
    running = Phase.objects.filter(takes_votes=True, opens_on__lte=day, sealed_on__isnull=True)
    drawn = {one.process_id: one for one in DrawnMap.objects.all()}
    counted = TurnoutRelease.objects.exclude(process__in=drawn)
    wanted = {*running.values_list("process", flat=True), *counted.values_list("process", flat=True)}
    waiting = set(due_map_seals().values_list("process", flat=True))
    found = []
    for process in Process.objects.filter(pk__in=wanted - waiting).order_by("pk"):
        now, before = public_basis_now(process), drawn.get(process.pk)
        found.append((process, now, may_redraw(public_basis(before.inside) if before else None, now)))
    return found


def due_map_seals() -> QuerySet[Phase]:
    """Ended phases whose votes wait for their map."""
    held = HeldVote.objects.filter(phase=OuterRef("pk"))
    return Phase.objects.filter(Exists(held)).select_related("process__organisation").order_by("closes_on", "pk")


def due_votes(process: Process, held_for: Phase | None = None) -> QuerySet[Any]:
    """Votes as (participant, statement's number, value), of now or as they are held for a phase's map."""
    votes: QuerySet[Any] = HeldVote.objects.filter(phase=held_for)
    if held_for is None:
        votes = Vote.objects.filter(statement__process=process, statement__state=StatementState.ACCEPTED)
    return votes.values_list("participant_id", "statement__number", "value")


def sealed_maps(actor: Actor, process: Process) -> list[tuple[SealedMap, bool]]:
    """The sealed maps of a process, the newest first, and whether the actor may take the ballots to recount it."""
    found = SealedMap.objects.filter(phase__process=process).order_by("-phase__closes_on", "-pk")
    may = may_recount(actor, process)
    shown = found.select_related("phase").defer("content", "recount")
    return [(one, may and public_is_recountable(one, process)) for one in shown]


def public_sealed_map(process: str, phase: str) -> SealedMap | None:
    """The sealed map of a phase that has ended."""
    return SealedMap.objects.filter(phase__process__code=process, phase__code=phase).select_related("phase").first()


def may_recount(actor: Actor, process: Process) -> bool:
    """Whether the ballots are for the actor: for the organisation's stewards, or for all if the process said so."""
    return actor.holds(Role.ORG_STEWARD, process.editors_code) or public_ballots_are_open(process)


def public_is_recountable(sealed: SealedMap, process: Process) -> bool:
    """Whether the votes still are those that were sealed: no later phase has taken any."""
    day, own = clock.today(), sealed.phase
    return not any(
        one.takes_votes and one.opens_on > own.closes_on and one.opens_on <= day for one in process.phases.all()
    )


def ballots(actor: Actor, process: Process, sealed: SealedMap) -> list[tuple[int, int, int]]:
    """The votes behind a sealed map, under the numbers of its seal; nothing for those whom they are not for."""
    if not may_recount(actor, process):
        return []
    numbers = json.loads(sealed.recount)["statements"]
    votes = Vote.objects.filter(statement__process=process, statement__number__in=numbers)
    rows = votes.values_list("participant_id", "statement__number", "value")
    phase = sealed.phase.code
    return sorted((public_number(person, phase), statement, value) for person, statement, value in rows)


def public_number(participant: int, phase: str) -> int:
    """The number under which a ballot of a phase is counted: nothing leads from it to the row, or to other phases."""
    digest = blake2b(phase.encode(), key=participant.to_bytes(8, "big"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
