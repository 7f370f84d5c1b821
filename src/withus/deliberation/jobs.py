"""What a conversation does by itself: release counts, seal those of phases that have ended."""

from django.db import transaction

from withus.core import clock
from withus.core.schedule import every
from withus.deliberation import actions, queries


@every(minutes=1)
def release() -> int:
    """Publishes counts that have changed by ten votes or more."""
    done = 0
    for process in queries.due_releases(clock.today()):
        with transaction.atomic():
            done += actions.release_tallies(process)
    return done


@every(minutes=1)
def seal() -> int:
    """Seals the counts of phases that have ended."""
    return actions.seal_ended()
