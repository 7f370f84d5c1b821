"""What is forgotten by itself."""

from contextlib import suppress

from withus.core import clock
from withus.core.errors import Gone, Refused
from withus.core.schedule import every
from withus.people import queries, sessions
from withus.people.offices.actions import end_term
from withus.people.offices.queries import due_terms
from withus.policy.facts import SYSTEM


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


@every(days=1)
def end_terms() -> int:
    """Ends the roles whose term is over; since its last day they open nothing."""
    ended = 0
    for held in due_terms(clock.today()):
        with suppress(Gone, Refused):  # given up, handed over or prolonged in this moment
            end_term(SYSTEM, held)
            ended += 1
    return ended
