# How far a refund asked at the supplier's platform stands.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('purchasing', '0003_offer_terms'),
    ]

    operations = [
        migrations.AddField(
            model_name='placementorder',
            name='refund_state',
            field=models.TextField(default='none'),
        ),
        migrations.AddConstraint(
            model_name='placementorder',
            constraint=models.CheckConstraint(
                condition=models.Q(('refund_state__in', ['none', 'asked', 'refused', 'goods_back', 'done'])),
                name='placement_order_refund',
            ),
        ),
    ]
