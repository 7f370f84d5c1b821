"""What the databases themselves refuse: changing, removing or re-numbering anything that the log holds.

Owners of a database can drop triggers: these stop mistakes and injected SQL; the signed tree stops owners.
On SQLite REPLACE skips delete triggers unless `recursive_triggers` is on, so every INSERT is guarded as well.
"""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

_GROWING = ("withus_log_entry", "withus_log_tile", "withus_log_checkpoint")

_GUARDS = {  # table: what must hold for a new row
    "withus_log_entry": "NEW.seq = (SELECT COALESCE(MAX(seq) + 1, 0) FROM withus_log_entry)",
    "withus_log_tile": (
        "NOT EXISTS (SELECT 1 FROM withus_log_tile WHERE id = NEW.id OR (level = NEW.level AND n = NEW.n))"
    ),
    "withus_log_checkpoint": "NEW.size > (SELECT COALESCE(MAX(size), -1) FROM withus_log_checkpoint)",
    "withus_log_head": "NOT EXISTS (SELECT 1 FROM withus_log_head)",
    "withus_log_witnessed": "NOT EXISTS (SELECT 1 FROM withus_log_witnessed WHERE origin = NEW.origin)",
}
_HEADS = {  # tables whose rows are changed as the log grows: what must hold for the change
    "withus_log_head": (
        "NEW.id = OLD.id AND NEW.size >= OLD.size AND (OLD.origin = '' OR NEW.origin = OLD.origin OR ({goes_on}))"
        " AND NEW.size = (SELECT COALESCE(MAX(seq) + 1, 0) FROM withus_log_entry)"
    ),
    "withus_log_witnessed": (
        "NEW.origin = OLD.origin AND (NEW.size > OLD.size OR (NEW.size = OLD.size AND NEW.root = OLD.root))"
    ),
}


# The head takes another name with the one entry that says so; quotes inside a text would stand behind a backslash.
_GOES_ON = """NEW.size = OLD.size + 1 AND EXISTS (SELECT 1 FROM withus_log_entry WHERE seq = OLD.size AND {holds})"""
_HOLDS = {
    "sqlite": """instr(CAST(body AS TEXT), '"type":"log.continued"') > 0""",
    "postgresql": """position('"type":"log.continued"'::bytea in body) > 0""",
}


def _heads(vendor: str) -> dict[str, str]:
    goes_on = _GOES_ON.format(holds=_HOLDS[vendor])
    return {table: condition.replace("{goes_on}", goes_on) for table, condition in _HEADS.items()}


def _sqlite() -> dict[str, str]:
    def trigger(name: str, when: str, table: str, condition: str | None) -> tuple[str, str]:
        check = f"WHEN NOT ({condition}) " if condition else ""
        return name, (
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} {check}"
            f"BEGIN SELECT RAISE(ABORT, 'the public log only grows: {name}'); END"
        )

    made = [
        trigger(f"{table}_no_{verb.lower()}", verb, table, None) for table in _GROWING for verb in ("UPDATE", "DELETE")
    ]
    made += [trigger(f"{table}_guard", "INSERT", table, condition) for table, condition in _GUARDS.items()]
    for table, condition in _heads("sqlite").items():
        made.append(trigger(f"{table}_no_delete", "DELETE", table, None))
        made.append(trigger(f"{table}_grows", "UPDATE", table, condition))
    return dict(made)


def _postgresql() -> dict[str, str]:
    def trigger(name: str, when: str, table: str, condition: str | None) -> tuple[str, str]:
        per = "STATEMENT" if when == "TRUNCATE" else "ROW"
        refuse = f"RAISE EXCEPTION 'the public log only grows: {name}';"
        body = f"IF NOT ({condition}) THEN {refuse} END IF; RETURN NEW;" if condition else refuse
        return name, (
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$; "
            f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH {per} EXECUTE FUNCTION {name}(); "
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"  # else session_replication_role would switch it off
        )

    verbs = ("UPDATE", "DELETE", "TRUNCATE")
    made = [trigger(f"{table}_no_{verb.lower()}", verb, table, None) for table in _GROWING for verb in verbs]
    made += [trigger(f"{table}_guard", "INSERT", table, condition) for table, condition in _GUARDS.items()]
    for table, condition in _heads("postgresql").items():
        made += [trigger(f"{table}_no_{verb.lower()}", verb, table, None) for verb in ("DELETE", "TRUNCATE")]
        made.append(trigger(f"{table}_grows", "UPDATE", table, condition))
    return dict(made)


def statements(vendor: str) -> dict[str, str]:
    """The triggers of a database (`sqlite` or `postgresql`): name → SQL that makes it."""
    return _sqlite() if vendor == "sqlite" else _postgresql()


def create(apps: Any, schema_editor: Any) -> None:
    """Makes all triggers; run by the migration that makes the tables."""
    for sql in statements(schema_editor.connection.vendor).values():
        schema_editor.execute(sql)


def replace(schema_editor: Any, table: str, name: str) -> None:
    """Makes one trigger anew as it is now; run by a migration."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    schema_editor.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON {table}")
    if not is_sqlite:
        schema_editor.execute(f"DROP FUNCTION {name}()")
    schema_editor.execute(statements(schema_editor.connection.vendor)[name])


def check(*, app_configs: Any = None, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Django's system check: counts the triggers of each database that has the tables."""
    return [
        Error(f"The public log is unguarded: the trigger {name} is missing. Restore a back-up.", id="withus.E001")
        for alias in databases or ()
        if "withus_log_head" in connections[alias].introspection.table_names()
        for name in missing(connections[alias])
    ]


def missing(connection: Any) -> list[str]:
    """Names of triggers that should be there and are not."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'A'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return sorted(set(statements(connection.vendor)) - present)
