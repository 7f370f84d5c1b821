"""What the database itself guards: the log only grows, and what peers did lies in no order of arrival."""

from django.db import migrations

from withus.public_log import triggers


def without_rowid(apps, schema_editor):
    """On SQLite: votes, words of peers and sessions, ordered by their key alone, without a trace of who came first."""
    if schema_editor.connection.vendor != "sqlite":
        return
    for name in ("withus_vote", "withus_log_opening", "withus_session"):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT type, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL", [name])
            found = cursor.fetchall()
        table = next(sql for kind, sql in found if kind == "table")
        schema_editor.execute(f"DROP TABLE {name}")
        schema_editor.execute(f"{table} WITHOUT ROWID")
        for kind, sql in found:
            if kind == "index":
                schema_editor.execute(sql)


def empty_log(apps, schema_editor):
    """The head of a log without entries; the first deed writes entry 0 before its own."""
    apps.get_model("withus", "LogHead").objects.using(schema_editor.connection.alias).create(id=1, size=0, frontier=b"")


class Migration(migrations.Migration):
    dependencies = [("withus", "0001_ground_floor")]
    operations = [
        migrations.RunPython(without_rowid, migrations.RunPython.noop),
        migrations.RunPython(empty_log, migrations.RunPython.noop),
        migrations.RunPython(triggers.create, migrations.RunPython.noop),
    ]
