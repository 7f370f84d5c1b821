"""Who reads statements beside whom, what that takes and pays, and which mandates a host's first card has ended."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("withus", "0003_keys_and_cosigned"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="host_card_after",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="organisation",
            name="missed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="process",
            name="agreed_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="process",
            name="beside",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="stands_beside",
                to="withus.organisation",
            ),
        ),
        migrations.AddField(
            model_name="process",
            name="reading_minutes",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="process",
            name="reading_pay",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AlterField(
            model_name="invitebatch",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="invite_batches", to="withus.organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="process",
            constraint=models.CheckConstraint(
                condition=models.Q(("agreed_on__isnull", True), ("beside__isnull", False), _connector="OR"),
                name="only_a_peer_organisation_that_was_asked_agrees",
            ),
        ),
        migrations.AddConstraint(
            model_name="process",
            constraint=models.CheckConstraint(
                condition=models.Q(("reading_pay", ""), ("reading_minutes__isnull", False), _connector="OR"),
                name="pay_is_said_together_with_its_minutes",
            ),
        ),
    ]
