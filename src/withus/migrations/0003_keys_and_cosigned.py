"""The log's later keys, what our witnesses cosigned, and a head that may go on under another name, by an entry."""

from django.db import migrations, models

from withus.public_log import triggers


def head_may_go_on(apps, schema_editor):
    """The rule of the log's head as it is now; a database that is new has it already."""
    triggers.replace(schema_editor, "withus_log_head", "withus_log_head_grows")


class Migration(migrations.Migration):
    dependencies = [("withus", "0002_safeguards")]
    operations = [
        migrations.CreateModel(
            name="LogKey",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("vkey", models.CharField(max_length=400)),
                ("both_until", models.DateField(null=True)),
            ],
            options={"db_table": "withus_log_key"},
        ),
        migrations.CreateModel(
            name="LogCosigned",
            fields=[
                ("signer", models.CharField(max_length=300, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(default=0)),
                ("line", models.TextField(blank=True)),
                ("cosigned_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("answer", models.CharField(max_length=20)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("ahead", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "withus_log_cosigned"},
        ),
        migrations.RunPython(head_may_go_on, migrations.RunPython.noop),
    ]
