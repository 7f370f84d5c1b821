"""What is forgotten by itself."""

from withus.core import clock
from withus.core.schedule import every
from withus.people import queries, sessions


@every(hours=6)
def forget_ended() -> int:
    """Deletes sessions, cards and set-up addresses that have ended."""
    day = clock.today()
    ended = (queries.due_sessions(day), queries.due_batches(day), queries.due_set_up_tokens(day))
    return sum(rows.delete()[0] for rows in ended)


@every(hours=1)
def renew_cookie_key() -> int:
    """Changes the key of the session cookies each day, and forgets the one before when no session needs it."""
    return sessions.renew_key()
