"""What is forgotten by itself."""

from withus.core import clock
from withus.core.schedule import every
from withus.people import queries


@every(hours=6)
def forget_ended() -> int:
    """Deletes sessions, cards and set-up addresses that have ended."""
    day = clock.today()
    ended = (queries.due_sessions(day), queries.due_batches(day), queries.due_set_up_tokens(day))
    return sum(rows.delete()[0] for rows in ended)
