"""This instance as a witness of other logs: it cosigns only what continues what it has cosigned before.

Whose logs, says the file `witness.policy` in WITHUS_KEYS (C2SP tlog-policy: a line `log VKEY` for each, and
`quorum none`). Without it this instance is nobody's witness.
"""

import hashlib
from collections import defaultdict

from django.db import transaction

from withus.compute import merkle, witness
from withus.compute.verifier import COSIGNATURE, Key, Wrong, read_policy
from withus.core import clock, keys
from withus.public_log import identity
from withus.public_log.models import LogWitnessed

POLICY_FILE, KEY_FILE = "witness.policy", "witness.key"


def watched() -> dict[str, list[Key]]:
    """The logs that we are a witness of, with their keys; raises Wrong for a policy that cannot be read."""
    path = keys.path_of(POLICY_FILE)
    found: dict[str, list[Key]] = defaultdict(list)
    for key in read_policy(path.read_bytes()).logs if path.exists() else ():
        found[key.name].append(key)
    return dict(found)


def public_key() -> Key | None:
    """Our key as a witness, under the first name of our own log, which others know; None before that is opened."""
    ours = identity.every_key()
    return merkle.public_key(f"{ours[0].name}/witness", keys.read_or_make(KEY_FILE), COSIGNATURE) if ours else None


def add_checkpoint(body: bytes) -> witness.Answer:
    """Answers a log that asks for a cosignature: compares and stores in one step, then signs."""
    key = public_key()
    try:
        request, logs = witness.read_request(body), watched()
    except Wrong:
        return witness.Answer(400)
    if key is None or request.origin not in logs:
        return witness.Answer(404)
    with transaction.atomic():
        row, _ = LogWitnessed.objects.get_or_create(
            origin=request.origin, defaults={"size": 0, "root": witness.Seen().root, "note": ""}
        )
        row = LogWitnessed.objects.select_for_update().get(pk=row.pk)
        answer = witness.decide(request, logs, witness.Seen(row.size, bytes(row.root)))
        if answer.checkpoint is None:
            return answer
        line = merkle.cosign(
            answer.checkpoint.text, key.name, keys.read_or_make(KEY_FILE), int(clock.now().timestamp())
        )
        row.size, row.root = answer.checkpoint.size, answer.checkpoint.root
        row.note = request.note.decode() + line
        row.save(force_update=True)
    return witness.Answer(200, line)


def seen(digest: str) -> str | None:
    """The last checkpoint that we cosigned for the origin with this SHA-256 (in hex), for readers; None if none."""
    for row in LogWitnessed.objects.exclude(note=""):
        if hashlib.sha256(row.origin.encode()).hexdigest() == digest:
            return row.note
    return None
