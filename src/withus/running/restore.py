"""Puts a back-up into an empty place; afterwards the log is verified, and its anchor says whether it is the newest."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext

from withus.core import configuration
from withus.core.errors import Refused
from withus.public_log import anchor, files, publish
from withus.public_log.queries import public_origin
from withus.running import archive, backup, lost_keys, whole_log

_DRAFT = ".restoring"
_HEAD = "withus_log_head"


def restore(source: Path, keys: Path | None = None) -> None:
    """Unpacks a back-up into WITHUS_DATA (and the database, where that lies elsewhere), and keys into WITHUS_KEYS.

    Raises Refused, and leaves nothing behind, when a folder or the database is not empty or a file is damaged.
    """
    with _drafted(configuration.folder("WITHUS_DATA")) as draft:
        if keys is None:
            _load(draft, archive.unpack(source, draft))
            return
        with _drafted(configuration.folder("WITHUS_KEYS")) as key_draft:
            if not archive.unpack(keys, key_draft).get("keys"):
                raise Refused(gettext("%(file)s holds no keys. Take the file that backup-keys made.") % {"file": keys})
            for path in filter(lambda path: anchor.is_guard(path.name), list(key_draft.iterdir())):
                path.unlink()  # of an earlier version's archive; see `anchor.is_guard`
            _load(draft, archive.unpack(source, draft))


@contextmanager
def _drafted(folder: Path) -> Iterator[Path]:
    """A draft inside the folder, of which all is put in its place if nothing goes wrong; else nothing is left."""
    is_new = not folder.exists()
    draft = _empty(folder)
    try:
        yield draft
        for path in sorted(draft.iterdir()):
            if publish.is_public(path):
                files.make_public(path)
            path.rename(folder / path.name)
        folder.chmod(0o700)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if is_new and not any(folder.iterdir()):
            folder.rmdir()


def problems() -> str:
    """What the log says of the restored database; empty if it is whole, and the newest that this host has signed."""
    result = whole_log.check()
    reasons = "; ".join(what for _, what in result.errors)
    says = gettext(
        "its log does not hold (%(reasons)s). If it is older than what was signed here, bring back a newer one."
    )
    return "" if result.ok else says % {"reasons": reasons}


def warning() -> str:
    """What has to be said of a back-up whose guard is not here, so that nobody can tell how old it is; else empty."""
    origin = public_origin()
    if not origin or anchor.read(origin):
        return ""
    says = gettext(
        "Warning: no guard of this log lies in %(keys)s (%(name)s), so nobody here can tell whether this back-up is "
        "the newest. Compare it with paper or with a saved checkpoint before you serve it."
    )
    path = anchor.path_of(origin)
    return says % {"keys": path.parent, "name": path.name}


def lost() -> str:
    """What has to be said of receipts and voices that no key here opens; of an older back-up, `check` says it later."""
    try:
        return " ".join(filter(None, [lost_keys.salt_says(), lost_keys.weeks_say()]))
    except DatabaseError:
        return ""


def _empty(folder: Path) -> Path:
    """A draft folder inside the empty one (it may be a mount point); what a crash left of an earlier one is removed."""
    shutil.rmtree(folder / _DRAFT, ignore_errors=True)
    if folder.exists() and any(folder.iterdir()):
        raise Refused(gettext("%(folder)s is not empty. Name a new folder.") % {"folder": folder})
    draft = folder / _DRAFT
    draft.mkdir(parents=True, mode=0o700)
    return draft


def _load(draft: Path, manifest: dict[str, Any]) -> None:
    """Puts the database in its place: SQLite's file, or every table of PostgreSQL in one transaction."""
    if manifest.get("keys"):
        raise Refused(gettext("These are keys. Name a back-up first, and this file after --keys."))
    if manifest.get("database") != connection.vendor:
        raise Refused(
            gettext("This back-up is of %(vendor)s. Restore it there, then use copy-to.")
            % {"vendor": {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(str(manifest.get("database")), "?")}
        )
    if connection.vendor == "postgresql":
        _fill(draft / backup.TABLES, manifest["migrations"])
        shutil.rmtree(draft / backup.TABLES)
        return
    place = Path(str(connection.settings_dict["NAME"]))
    if place.exists():
        raise Refused(gettext("%(file)s is there already. Choose another name.") % {"file": place})
    if place.parent != draft.parent:
        shutil.move(draft / backup.DATABASE, place)
    else:
        (draft / backup.DATABASE).rename(draft / place.name)


def _fill(tables: Path, migrations: list[str]) -> None:
    if connection.introspection.table_names():
        raise Refused(gettext("The database is not empty. Name a new one in WITHUS_DATABASE."))
    with transaction.atomic():
        try:
            call_command("migrate", "withus", migrations[-1], verbosity=0, interactive=False)
        except CommandError as problem:
            raise Refused(gettext("This back-up is of a newer Withus. Restore it with that one.")) from problem
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # tables come by name; the migration left some immediate
            cursor.execute("TRUNCATE django_migrations")
            for path in sorted(tables.glob("*.copy")):
                _copy_in(cursor, path)
            for sequence in connection.introspection.sequence_list():
                _set_sequence(cursor, sequence["table"], sequence["column"])


def _copy_in(cursor: Any, path: Path) -> None:
    """Reads a table. The log's head exists since the migration and can only grow: it is changed, not written anew."""
    table = connection.ops.quote_name(path.stem)
    names = backup.columns(connection, cursor, path.stem)
    into = table
    if path.stem == _HEAD:
        cursor.execute(f"CREATE TEMP TABLE head ON COMMIT DROP AS SELECT * FROM {table} WHERE FALSE")  # noqa: S608
        into = "head"
    statement = f"COPY {into} ({names}) FROM STDIN"
    with connection.wrap_database_errors, cursor.copy(statement) as copy, path.open("rb") as file:
        while block := file.read(archive.CHUNK):
            copy.write(block)
    if path.stem == _HEAD:
        cursor.execute(f"UPDATE {table} SET size = head.size, frontier = head.frontier, origin = head.origin FROM head")  # noqa: S608


def _set_sequence(cursor: Any, table: str, column: str) -> None:
    name, key = connection.ops.quote_name(table), connection.ops.quote_name(column)
    last = f"SELECT COALESCE(MAX({key}), 1), MAX({key}) IS NOT NULL FROM {name}"  # noqa: S608
    cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, %s), v, c) FROM ({last}) AS last(v, c)", [name, column])  # noqa: S608
