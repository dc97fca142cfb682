"""Both columns have defaults of the database: processes of the version before write none."""

import clinic.core.clock
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0003_prices_do_not_overlap'),
    ]

    operations = [
        migrations.AddField(
            model_name='gatewayevent',
            name='next_try_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=clinic.core.clock.now, verbose_name='next try at'),
        ),
        migrations.AddField(
            model_name='gatewayevent',
            name='tries',
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name='tries of the sweep'),
        ),
    ]
