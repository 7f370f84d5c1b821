"""Maps made from the votes here, in a process of its own: what this loads no page needs, and it ends with the work."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from withus.compute import loops
from withus.compute.opinion_map import OpinionMap, Votes, factors, opinion_map
from withus.compute.opinion_map.clusters import nearest
from withus.compute.opinion_map.groups import matched
from withus.compute.opinion_map.publication import kept, published
from withus.compute.opinion_map.seal import sealed
from withus.compute.republishing import shown_sizes
from withus.core import clock, codes, locks
from withus.core.errors import Refused
from withus.deliberation.maps import actions, queries
from withus.deliberation.maps.models import DrawnMap
from withus.deliberation.models import Statement
from withus.policy.facts import SYSTEM
from withus.processes.models import Phase, Process


def draw(wanted: Collection[str] = ()) -> int:
    """Seals the maps of ended phases and draws those that are due, of these processes or of all; returns how many.

    Compiles what is not compiled yet, so that the first map does not wait for it. Another process that draws meanwhile
    does it for both.
    """
    try:
        with locks.held("maps"):
            done = _each(_seal, queries.due_map_seals())
            due = [process for process, _, is_due in queries.due_maps(clock.today()) if is_due]
            done += _each(_draw, [process for process in due if not wanted or process.code in wanted])
            if not loops.are_ready():
                warm_up()
                loops.say_ready()
            return done
    except locks.Taken:
        return 0


def _each(does: Callable[[Any], bool], things: Iterable[Any]) -> int:
    """Does it for each; one that fails holds up no other, and is told when all are done."""
    done, failed = 0, None
    for one in things:
        try:
            done += does(one)
        except Exception as problem:
            failed = problem
    if failed:
        raise failed
    return done


def _draw(process: Process) -> bool:
    votes = _votes(process, process.current_phase())
    made = _made(process, votes, _before(process, votes))
    return actions.publish(process, *_parts(process, votes, made))


def _parts(process: Process, votes: Votes, made: OpinionMap) -> tuple[dict[str, Any], dict[str, Any]]:
    """What everybody may see of it, and what stays here, by the groups of the picture that it is shown with."""
    drawn = DrawnMap.objects.filter(process=process).first()
    before = drawn.read() if drawn else None
    sizes = shown_sizes(before, made.checks["why"], made.group_sizes, votes.cast)
    return published(votes, made), kept(votes, made, sizes)


def _seal(phase: Phase) -> bool:
    """Groups are numbered as whoever recounts numbers them, by size; on the page they are called as before."""
    votes = _votes(phase.process, phase, is_held=True)
    made = _made(phase.process, votes)
    recount = sealed(votes, made, codes.key().hex()) | {"statements": votes.statement_ids.tolist()}
    content, inside = _parts(phase.process, votes, _called_as_before(phase.process, votes, made))
    with suppress(Refused):  # another run was faster, or somebody left: the next one counts anew
        actions.seal_map(SYSTEM, phase, content=content, inside=inside, recount=recount)
        return True
    return False


def _called_as_before(process: Process, votes: Votes, made: OpinionMap) -> OpinionMap:
    before = _before(process, votes)
    number = len(made.group_sizes)
    if not before or (matched(votes.participant_ids, made.group_of, number, before) == made.group_of).all():
        return made
    return _made(process, votes, before)


def _made(process: Process, votes: Votes, before: Mapping[int, int] | None = None) -> OpinionMap:
    """Without the statements about the conversation itself, as in Polis; unless there are no others."""
    about_itself = list(Statement.objects.filter(process=process, is_meta=True).values_list("number", flat=True))
    has_others = not votes.columns_of(about_itself).all()
    return opinion_map(votes, about_itself if has_others else (), previous=before)


def _votes(process: Process, phase: Phase | None, *, is_held: bool = False) -> Votes:
    """The votes of now, or those held for a phase's map; under the same numbers, so that both make the same map."""
    rows = list(queries.due_votes(process, phase if is_held else None))
    people, statements, values = np.array(rows, np.int64).T
    within = phase.code if phase else process.code
    number = {person: queries.public_number(person, within) for person in set(people.tolist())}
    return Votes.of(np.array([number[person] for person in people.tolist()]), statements, values)


def _before(process: Process, votes: Votes) -> dict[int, int]:
    """The group in which each person would be on the last map, so that groups keep their names; stored nowhere."""
    drawn = DrawnMap.objects.filter(process=process).first()
    inside = json.loads(drawn.inside) if drawn else {"centers": []}
    if not (inside["centers"] and inside.get("placing")):
        return {}
    known = np.array(inside["placing"])
    number = {statement: place for place, statement in enumerate(known[:, 0].astype(int).tolist())}
    asked = votes.on_statements(votes.columns_of(number))
    order = [number[statement] for statement in asked.statement_ids.tolist()]
    model = factors.Model(known[order, 1], np.ascontiguousarray(known[order, 2:4]), known[order, 4])
    found = nearest(factors.place(asked, model).positions, np.array(inside["centers"]))
    inside_groups = asked.taking_part
    return dict(zip(asked.participant_ids[inside_groups].tolist(), found[inside_groups].tolist(), strict=True))


def warm_up() -> None:
    """Compiles what a map needs, on the invented votes of two camps."""
    people, statements = np.divmod(np.arange(60 * 12), 12)
    camps = np.where((people % 2 == 0) ^ (statements % 3 == 0), 1, -1)
    votes = Votes.of(people, statements, np.where((people * 7 + statements * 5) % 11 == 0, -camps, camps))
    made = opinion_map(votes, shuffles=100, bootstraps=2, previous={0: 0, 1: 1})
    published(votes, made), kept(votes, made), sealed(votes, made)
