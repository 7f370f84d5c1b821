"""Terms of office and handing over; bodies that close; norms, and pages taken over with a letter."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('withus', '0008_pay'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitebatch',
            name='replaces',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='handed_over_by', to='withus.membership'),
        ),
        migrations.AddField(
            model_name='invitebatch',
            name='term_until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='membership',
            name='until',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='TakeOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said_on', models.DateField()),
                ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='take_overs', to='withus.invitebatch')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='take_overs', to='withus.body')),
                ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='take_overs', to='withus.recommendation')),
            ],
        ),
        migrations.CreateModel(
            name='BodyEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('language', models.CharField(default='en', max_length=12)),
                ('said_on', models.DateField()),
                ('body', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='end', to='withus.body')),
                ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='succeeds', to='withus.body')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('successor__isnull', True), models.Q(('successor', models.F('body')), _negated=True), _connector='OR'), name='nobody_succeeds_itself')],
            },
        ),
        migrations.CreateModel(
            name='Norm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('words', models.TextField()),
                ('language', models.CharField(default='en', max_length=12)),
                ('acknowledge_days', models.PositiveSmallIntegerField()),
                ('reply_days', models.PositiveSmallIntegerField()),
                ('question_days', models.PositiveSmallIntegerField()),
                ('extension_days', models.PositiveSmallIntegerField()),
                ('counting', models.CharField(choices=[('calendar', 'calendar'), ('working', 'working')], max_length=8)),
                ('region', models.CharField(blank=True, max_length=12)),
                ('said_on', models.DateField()),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='norms', to='withus.body')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='withus.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('body', 'version'), name='a_norm_version_exists_once'), models.CheckConstraint(condition=models.Q(('acknowledge_days__gte', 1), ('question_days__gte', 1), ('reply_days__gte', 1)), name='a_norm_gives_a_day_at_least')],
            },
        ),
    ]
