"""Ways to the rows of some days, for reports and figures."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customer_service', '0003_default_team'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='agentstatuschange',
            index=models.Index(fields=['at'], name='status_at'),
        ),
        migrations.AddIndex(
            model_name='handling',
            index=models.Index(fields=['started_at'], name='handling_started'),
        ),
        migrations.AddIndex(
            model_name='handling',
            index=models.Index(fields=['ended_at'], name='handling_ended'),
        ),
        migrations.AddIndex(
            model_name='leftmessage',
            index=models.Index(fields=['created_at'], name='left_message_left'),
        ),
        migrations.AddIndex(
            model_name='slatimer',
            index=models.Index(fields=['started_at'], name='sla_started'),
        ),
    ]
