"""The new index beside the traffic, then without the old one. What was cut short is run again."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('payments', '0005_movements_are_explained'),
    ]

    operations = [
        # Building waits for every older transaction, and nothing waits for it.
        migrations.RunSQL(
            ['SET lock_timeout = 0', 'DROP INDEX CONCURRENTLY IF EXISTS gateway_event_due'],
            ['RESET lock_timeout'],
        ),
        AddIndexConcurrently(
            model_name='gatewayevent',
            index=models.Index(condition=models.Q(('outcome', 'received')), fields=['next_try_at'], name='gateway_event_due'),
        ),
        RemoveIndexConcurrently(
            model_name='gatewayevent',
            name='gateway_event_open',
        ),
        migrations.RunSQL(['RESET lock_timeout'], ['SET lock_timeout = 0']),
    ]
