from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('withus', '0025_sent_forms'),
    ]

    operations = [
        migrations.AddField(
            model_name='reader',
            name='vouched',
            field=models.BinaryField(default=bytes),
        ),
    ]
