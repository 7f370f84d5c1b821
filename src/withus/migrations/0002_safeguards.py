"""What the database itself guards: the log only grows, and votes lie in no order of arrival."""

from django.db import migrations

from withus.public_log import triggers


def votes_without_rowid(apps, schema_editor):
    """On SQLite: the votes' table ordered by its key alone, smaller and without a trace of who came first."""
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT type, sql FROM sqlite_master WHERE tbl_name = 'withus_vote' AND sql IS NOT NULL")
        found = cursor.fetchall()
    table = next(sql for kind, sql in found if kind == "table")
    schema_editor.execute("DROP TABLE withus_vote")
    schema_editor.execute(f"{table} WITHOUT ROWID")
    for kind, sql in found:
        if kind == "index":
            schema_editor.execute(sql)


def empty_log(apps, schema_editor):
    """The head of a log without entries; the set-up writes entry 0."""
    apps.get_model("withus", "LogHead").objects.create(id=1, size=0, frontier=b"")


class Migration(migrations.Migration):
    dependencies = [("withus", "0001_ground_floor")]
    operations = [
        migrations.RunPython(votes_without_rowid, migrations.RunPython.noop),
        migrations.RunPython(empty_log, migrations.RunPython.noop),
        migrations.RunPython(triggers.create, migrations.RunPython.noop),
    ]
