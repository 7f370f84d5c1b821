"""What a conversation does by itself: release counts, seal those of phases that have ended, have its map drawn."""

from django.db import transaction

from withus.core import clock
from withus.core.schedule import every
from withus.deliberation import actions, queries
from withus.deliberation.maps import elsewhere
from withus.deliberation.maps.queries import due_map_seals, due_maps
from withus.deliberation.maps.quiet import Quiet

_quiet = Quiet()


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


@every(minutes=1, is_slow=True)
def draw() -> int:
    """Draws the maps of conversations after a quiet minute, and seals those of ended phases."""
    looked = [(one.code, _quiet.look(one.code, now, is_due=is_due)) for one, now, is_due in due_maps(clock.today())]
    wanted, ended = [code for code, may in looked if may], due_map_seals().count()
    if wanted or ended:
        elsewhere.draw(*wanted)
    return len(wanted) + ended
