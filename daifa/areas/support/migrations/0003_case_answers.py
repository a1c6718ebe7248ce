# Until when a case may be answered, and by which reasons it may be refused.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0002_waiting_cases'),
    ]

    operations = [
        migrations.AddField(model_name='case', name='answer_by', field=models.DateTimeField(null=True)),
        migrations.AddField(model_name='case', name='refuse_reasons', field=models.JSONField(default=list)),
        migrations.AddField(model_name='case', name='refuse_reasons_at', field=models.DateTimeField(null=True)),
    ]
