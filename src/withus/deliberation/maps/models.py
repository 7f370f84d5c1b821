"""The map of a conversation as it is shown, the votes that wait for their map, and the maps of ended phases."""

import json
from hashlib import sha256
from typing import Any

from django.db import models

from withus.deliberation.models import Participant, Statement
from withus.processes.models import Phase, Process
from withus.public_log.rows import Told


class DrawnMap(models.Model):
    """The map that the page is made from; it changes only in large steps, like the counts.

    `content` is for everybody. `inside` stays with the house: the counts that it rests on, the place that a person
    would have on it, and the people whose part in the list is looked at.
    """

    process = models.OneToOneField(Process, models.CASCADE, primary_key=True, related_name="drawn_map")
    content = models.TextField()
    inside = models.TextField()
    drawn_on = models.DateField()

    def read(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Its content and inside."""
        return json.loads(self.content), json.loads(self.inside)


class HeldVote(models.Model):
    """A vote as it was when its phase ended, until the map of that phase is sealed: a minute, as a rule.

    It goes with the person who casts it off, as the vote itself does.
    """

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="held_votes", db_index=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="held_votes")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="held_votes", db_index=False)
    value = models.SmallIntegerField()


class SealedMap(models.Model):
    """The map of an ended phase, as the bytes whose hashes lie in the public log.

    `content` is for everybody; `recount` goes with the ballots: with it `withus opinion --check` counts again.
    """

    phase = models.OneToOneField(Phase, models.PROTECT, related_name="sealed_map")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    recount = models.TextField()
    recount_sha256 = models.CharField(max_length=64)
    sealed_on = models.DateField()

    def told(self) -> Told:
        """What sealing has left in the log: the fingerprints of these very bytes (none: they do not fit together)."""
        facts = {
            "process": self.phase.process.code,
            "phase": self.phase.code,
            "map_sha256": _fitting(self.content, self.sha256),
            "recount_sha256": _fitting(self.recount, self.recount_sha256),
            "said_on": self.sealed_on.isoformat(),
        }
        return Told("map.sealed", self.phase.code, facts, self)


def _fitting(content: str, digest: str) -> str:
    return digest if digest == sha256(content.encode()).hexdigest() else ""
