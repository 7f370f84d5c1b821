"""Free text stands in the log as commitments only: papers and pay by themselves, a law by its version, never a copy."""

import django.db.models.deletion
from django.db import migrations, models


def move_words(apps, schema_editor):
    """Papers come together, copies of laws become versions, and what was computed from words is said beside them."""
    names = ("Recommendation", "Evidence", "Norm", "Verification", "Acknowledgement", "Response")
    of = {name: apps.get_model("withus", name).objects.using(schema_editor.connection.alias) for name in names}
    for paper in of["Evidence"].filter(kind="paper").order_by("id"):
        asked = of["Recommendation"].get(pk=paper.recommendation_id)
        asked.papers = "\n".join(filter(None, (asked.papers, paper.words)))
        asked.save(update_fields=["papers"])
        paper.delete()
    for asked in of["Recommendation"].exclude(basis=""):
        norm = of["Norm"].filter(body=asked.body_id, words=asked.basis).order_by("version").last()
        of["Recommendation"].filter(pk=asked.pk).update(norm_version=norm and norm.version)
    for check in of["Verification"].exclude(pay=""):
        is_amount = any(sign.isdecimal() and int(sign) for sign in check.pay)
        of["Verification"].filter(pk=check.pk).update(was_paid=is_amount)
    first_words = of["Acknowledgement"].filter(recommendation__is_letter=True, recommendation__serving=None)
    for one in first_words.select_related("recommendation"):
        one.served_on = one.recommendation.sent_on
        one.save(update_fields=["served_on"])
    of["Response"].filter(corrects__isnull=False).update(transferred_to="")


class Migration(migrations.Migration):

    dependencies = [
        ('withus', '0010_redaction'),
    ]

    operations = [
        migrations.AddField(
            model_name='acknowledgement',
            name='served_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='draft',
            name='passed_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='withus.body'),
        ),
        migrations.AddField(
            model_name='recommendation',
            name='norm_version',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='recommendation',
            name='papers',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='response',
            name='passed_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='passed_on_here', to='withus.body'),
        ),
        migrations.AddField(
            model_name='verification',
            name='was_paid',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(move_words, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='evidence',
            name='words',
        ),
        migrations.RemoveField(
            model_name='recommendation',
            name='basis',
        ),
        migrations.AlterField(
            model_name='evidence',
            name='kind',
            field=models.CharField(choices=[('statement', 'a statement'), ('results', 'the results of a process')], max_length=12),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='subject',
            field=models.CharField(max_length=64),
        ),
        migrations.RemoveConstraint(
            model_name='response',
            name='what_is_passed_on_says_to_whom',
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('passed_to__isnull', True), ('transferred_to', '')), ('outcome', 'transferred'), _connector='OR'), name='only_what_is_passed_on_says_to_whom'),
        ),
    ]
