from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('withus', '0026_vouched'),
    ]

    operations = [
        migrations.AddField(
            model_name='instance',
            name='receipts_mark',
            field=models.CharField(blank=True, max_length=26),
        ),
        migrations.AddField(
            model_name='instance',
            name='weeks_looked_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='instance',
            name='weeks_wait_until',
            field=models.DateField(blank=True, null=True),
        ),
    ]
