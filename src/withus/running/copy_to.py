"""Everything to another database, SQLite or PostgreSQL, then compared: rows, tallies, the log's root."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.utils.translation import gettext

from withus.compute import merkle
from withus.core.errors import Refused
from withus.core.moment import one_moment

TARGET = "copy"
CHUNK = 2000


@dataclass(frozen=True)
class Copied:
    """What the other database now holds, counted there."""

    tables: int
    rows: int
    log_size: int
    log_root: str


def copy_to(settings: dict[str, Any], progress: Callable[[str], None] = lambda table: None) -> Copied:
    """Copies every table to the database that `settings` (Django's entry) names, in one transaction there.

    Raises Refused when that database holds something, or when what arrived is not what left (then nothing stays).
    """
    connections.settings[TARGET] = connections.configure_settings({"default": settings})["default"]
    tables = list(apps.get_models(include_auto_created=True))
    _refuse_unless_empty(tables)
    call_command("migrate", database=TARGET, verbosity=0, interactive=False)
    with one_moment(), transaction.atomic(using=TARGET):
        rows = 0
        for model in tables:
            progress(model._meta.db_table)
            rows += _copy(model)
        with connections[TARGET].cursor() as cursor:
            for statement in connections[TARGET].ops.sequence_reset_sql(no_style(), tables):
                cursor.execute(statement)
        size, root = _compare(tables)
    return Copied(len(tables), rows, size, root)


def _refuse_unless_empty(tables: list[type[models.Model]]) -> None:
    """A database that was only migrated, or half, counts as empty: an interrupted copy can be started again."""
    present = set(connections[TARGET].introspection.table_names())
    if present and "django_migrations" not in present:
        raise Refused(gettext("The other database holds something else. Name an empty one."))
    for model in tables:
        if model._meta.db_table not in present:
            continue
        asked = ["pk", *(field.name for field in model._meta.concrete_fields if field.name == "size")]
        held = model._base_manager.using(TARGET).values(*asked).first()  # newer columns may not be there yet
        if held and held.get("size") != 0:  # the log's head exists from the first migration on
            raise Refused(gettext("The other database is not empty. Name an empty one."))


def _copy(model: type[models.Model]) -> int:
    """Copies one table in the order of its key, which is the only order in which the log's tables take rows."""
    target, meta = connections[TARGET], model._meta
    fields = meta.concrete_fields
    rows = _rows(model)
    if model._base_manager.using(TARGET).exists():  # the log's head: it is there since the migration and only grows
        names = [field.attname for field in fields if not field.primary_key]
        for values in _values("default", model, names):
            model._base_manager.using(TARGET).update(**dict(zip(names, values, strict=True)))
        return 1
    quote = target.ops.quote_name
    into = f"{quote(meta.db_table)} ({', '.join(quote(str(field.column)) for field in fields)})"
    count = 0
    with target.cursor() as cursor:
        while chunk := list(islice(rows, CHUNK)):
            count += len(chunk)
            if target.vendor == "postgresql":
                with target.wrap_database_errors, cursor.copy(f"COPY {into} FROM STDIN") as copy:
                    for row in chunk:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(fields))
                cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", chunk)  # noqa: S608
    return count


def _values(alias: str, model: type[models.Model], names: list[str]) -> Iterator[tuple[Any, ...]]:
    return iter(model._base_manager.using(alias).order_by("pk").values_list(*names).iterator(CHUNK))


def _rows(model: type[models.Model]) -> Iterator[list[Any]]:
    """The source's rows in the form that the target's driver takes."""
    fields, target = model._meta.concrete_fields, connections[TARGET]
    for row in _values("default", model, [field.attname for field in fields]):
        yield [field.get_db_prep_save(value, target) for field, value in zip(fields, row, strict=True)]


def _compare(tables: list[type[models.Model]]) -> tuple[int, str]:
    """Counts rows, adds up votes and computes the log's root on both sides; raises Refused at the first difference."""
    for what, measure in (
        *((model._meta.db_table, _count(model)) for model in tables),
        ("votes", _tallies),
        ("log", _log),
    ):
        if measure("default") != measure(TARGET):
            raise Refused(gettext("%(what)s differs after the copy, so nothing was kept. Try again.") % {"what": what})
    return _log(TARGET)


def _count(model: type[models.Model]) -> Callable[[str], Any]:
    return lambda alias: model._base_manager.using(alias).count()


def _tallies(alias: str) -> Any:
    votes = apps.get_model("withus", "Vote")._base_manager.using(alias)
    counted = votes.values("statement_id", "value").annotate(n=models.Count("participant_id"))
    return sorted(tuple(row.values()) for row in counted)


def _log(alias: str) -> tuple[int, str]:
    """Size and root, computed anew from the bytes of the entries."""
    entries = apps.get_model("withus", "LogEntry")._base_manager.using(alias).order_by("seq")
    frontier: list[bytes] = []
    size = 0
    for body in entries.values_list("body", flat=True).iterator(CHUNK):
        frontier = merkle.grow(frontier, size, merkle.leaf_hash(bytes(body)))
        size += 1
    return size, merkle.root(frontier).hex()
