"""A new version over an old instance: back-up, migrate, check; if one fails, everything is as before."""

import tempfile
from contextlib import nullcontext
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.utils.translation import gettext

from withus.core import clock, codes
from withus.core.errors import Refused
from withus.recommendations.jobs import settle
from withus.running import archive, backup, check


def upgrade() -> Path:
    """Brings the database to this version and returns the back-up made before; raises Refused if it went back to it.

    On PostgreSQL everything is one transaction; SQLite cannot rebuild tables in one, so its file is put back.
    """
    backup.folder().mkdir(parents=True, exist_ok=True)
    saved = backup.folder() / f"before-upgrade-{clock.today()}-{codes.code(6)}.tar.gz"
    backup.write(saved)
    is_sqlite = connection.vendor == "sqlite"
    try:
        with nullcontext() if is_sqlite else transaction.atomic():
            call_command("migrate", verbosity=0, interactive=False)
            settle()  # a new version may bring a mended list of public holidays
            bad = [part for part in check.essential() if not part.ok]
            if bad:
                raise Refused("; ".join(f"{part.part}: {part.says}" for part in bad))
    except BaseException as problem:
        if is_sqlite:
            _put_back(saved)
        if not isinstance(problem, Exception):
            raise  # whoever stopped it knows why
        reason = problem.sentence if isinstance(problem, Refused) else f"{type(problem).__name__}: {problem}"
        raise Refused(
            gettext("The upgrade failed, and everything is as it was before (%(reason)s).") % {"reason": reason}
        ) from problem
    return saved


def _put_back(saved: Path) -> None:
    """The old file takes the new one's place. The write-ahead log goes first: it would be played into the old file."""
    place = Path(str(connection.settings_dict["NAME"]))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with tempfile.TemporaryDirectory(prefix=".putting-back-", dir=place.parent) as draft:
        archive.unpack(saved, Path(draft))
        for ending in ("-wal", "-shm"):
            place.with_name(place.name + ending).unlink(missing_ok=True)
        (Path(draft) / backup.DATABASE).replace(place)
