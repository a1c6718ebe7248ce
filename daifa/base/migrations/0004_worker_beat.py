"""When each worker was last alive."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0003_maintain'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkerBeat',
            fields=[
                ('queue', models.TextField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
    ]
