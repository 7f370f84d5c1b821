from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('withus', '0027_receipts_mark'),
    ]

    operations = [
        migrations.AddField(
            model_name='inbox',
            name='given_up',
            field=models.PositiveIntegerField(default=0),
        ),
    ]
