"""What becomes of a map: it is published, and sealed with its phase."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext

from withus.acting import acting
from withus.compute.republishing import republished
from withus.compute.suppression import may_redraw
from withus.core import clock
from withus.core.errors import Refused
from withus.deliberation.maps import queries
from withus.deliberation.maps.models import DrawnMap, HeldVote, SealedMap
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action
from withus.processes.models import Phase, Process

_HOLD = """
INSERT INTO withus_heldvote (phase_id, participant_id, statement_id, value)
SELECT %s, v.participant_id, v.statement_id, v.value FROM withus_vote v
JOIN withus_statement s ON s.id = v.statement_id WHERE s.process_id = %s AND s.state = 'accepted'
"""


def hold(phase: Phase) -> None:
    """Keeps the votes of an ended phase as they are until its map is drawn: those of the next one may come at once."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [phase.pk, phase.process_id])


def publish(process: Process, content: Mapping[str, Any], inside: Mapping[str, Any]) -> bool:
    """Shows a new map if it rests on votes enough that are new; returns whether it did.

    Of the map before all stays that has not itself moved far enough (`republishing`).
    """
    with transaction.atomic():
        before = DrawnMap.objects.select_for_update().filter(process=process).first()
        now = queries.public_basis(_written(inside))
        if not may_redraw(queries.public_basis(before.inside) if before else None, now):
            return False
        shown, kept = republished(before.read() if before else None, content, inside)
        values = {"content": _written(shown), "inside": _written(kept), "drawn_on": clock.today()}
        DrawnMap.objects.update_or_create(process=process, defaults=values)
    return True


def seal_map(
    actor: Actor, phase: Phase, *, content: Mapping[str, Any], inside: Mapping[str, Any], recount: Mapping[str, Any]
) -> SealedMap:
    """Seals the map of an ended phase: what everybody sees of it, and with what it is recounted.

    What everybody sees is the last map that was published: up to nine last votes of a statement may not be in it, as in
    the counts. The recount is of all votes; it goes with the ballots, and for all others only its hashes. Raises
    Refused if another run was faster, or somebody took her votes along meanwhile.
    """
    with acting(actor, Action.SEAL_MAP, phase) as record:
        held = HeldVote.objects.filter(phase=phase)
        if SealedMap.objects.filter(phase=phase).exists() or held.count() != recount["votes"]:
            raise Refused(gettext("The map of this phase is sealed already, or its votes have changed."))
        publish(phase.process, content, inside)
        drawn = DrawnMap.objects.filter(process=phase.process).first()
        again = _written(recount)
        shown = {
            "process": phase.process.code,
            "phase": phase.code,
            "closed_on": phase.closes_on.isoformat(),
            "map": json.loads(drawn.content) if drawn else None,
            "recount": {name: recount[name] for name in ("method", "seed", "said", "tallies", "groups", "lists")}
            | {"sha256": _hash(again)},
        }
        seen = _written(shown)
        sealed = SealedMap.objects.create(
            phase=phase, content=seen, sha256=_hash(seen), recount=again, recount_sha256=_hash(again),
            sealed_on=clock.today(),
        )  # fmt: skip
        held.delete()
        body = phase.process.body
        record.told(sealed.told(), by=ActorKind.SYSTEM, body=body.code if body else None)
    return sealed


def _written(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
