"""An index of the moves of the house alone, beside the traffic. What was cut short is run again."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('appointments', '0010_triggers_ask_less'),
    ]

    operations = [
        # Building waits for every older transaction, and nothing waits for it.
        migrations.RunSQL(
            ['SET lock_timeout = 0', 'DROP INDEX CONCURRENTLY IF EXISTS house_move_made_by'],
            ['RESET lock_timeout'],
        ),
        AddIndexConcurrently(
            model_name='calendarmove',
            index=models.Index(condition=models.Q(('doctor_id', 0)), fields=['made_by'], name='house_move_made_by'),
        ),
        migrations.RunSQL(['RESET lock_timeout'], ['SET lock_timeout = 0']),
    ]
