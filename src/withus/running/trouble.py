"""What went wrong, as an exit code and one sentence that says what to do."""

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, connection

from withus.core.configuration import WrongSetting
from withus.core.errors import Denied, NoHands, Refused
from withus.core.locks import Taken

REFUSED, USAGE, SURROUNDINGS = 1, 2, 3
_TAKEN = {
    "serve": "Withus runs on this data folder already; stop it first, or choose another folder with WITHUS_DATA",
    "work": "another worker is busy on this data folder; wait until it has ended",
    "backup": "another back-up is being made; wait until it has ended",
}

_DAMAGED = ("not a database", "malformed")  # SQLite's words for a file that nothing mends


def explained(problem: Exception) -> tuple[int, str]:
    """The exit code for an exception, and its sentence."""
    match problem:
        case WrongSetting():
            return USAGE, str(problem)
        case Refused() | Denied():
            return REFUSED, str(problem)
        case Taken():
            return SURROUNDINGS, _TAKEN.get(
                str(problem), "something else works on this folder; wait until it has ended"
            )
        case NoHands():
            return SURROUNDINGS, str(problem)
        case ImproperlyConfigured():
            return SURROUNDINGS, f"{problem}; for PostgreSQL install psycopg, and see docs/configuration.md"
        case OperationalError():
            return (
                SURROUNDINGS,
                f"the database cannot be used ({problem}); check WITHUS_DATABASE, the disk and the rights",
            )
        case DatabaseError() if connection.vendor == "sqlite" and any(word in str(problem) for word in _DAMAGED):
            return SURROUNDINGS, f"the database is damaged ({problem}); stop Withus and restore the newest back-up"
        case DatabaseError():
            return SURROUNDINGS, f"the database is not as this version needs it ({problem}); run: withus upgrade"
        case OSError():
            about = f"{problem.filename}: " if problem.filename else ""
            return SURROUNDINGS, f"{about}{problem.strerror or problem}; check the disk, the path and the rights"
    return SURROUNDINGS, f"something broke inside ({type(problem).__name__}: {problem}); please report it"
