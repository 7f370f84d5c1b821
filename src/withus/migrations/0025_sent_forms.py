import withus.core.codes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('withus', '0024_judgements'),
    ]

    operations = [
        migrations.CreateModel(
            name='SentForm',
            fields=[
                ('id', models.BigIntegerField(default=withus.core.codes.row_number, primary_key=True, serialize=False)),
                ('mark', models.CharField(max_length=26, unique=True)),
                ('told', models.CharField(blank=True, max_length=26)),
                ('sent_on', models.DateField(db_index=True)),
            ],
        ),
    ]
