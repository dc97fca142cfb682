"""The new indexes beside the traffic, then without the old ones. What was cut short is run again.

Django would drop and check the foreign keys too, and nobody could book meanwhile: they stay.
"""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

NEW = ('appointment_of_order', 'appointment_wants_doctor')
OLD = {
    'order_id': 'appointments_appointment_order_id_669d6867',
    'wanted_doctor_id': 'appointments_appointment_wanted_doctor_id_d70c1c86',
}


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('appointments', '0006_nothing_for_persons_who_are_gone'),
        ('doctors', '0007_papers_are_replaced'),
        ('patients', '0003_identity_documents'),
        ('payments', '0003_prices_do_not_overlap'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Building waits for every older transaction, and nothing waits for it.
        migrations.RunSQL(
            ['SET lock_timeout = 0', *(f'DROP INDEX CONCURRENTLY IF EXISTS {name}' for name in NEW)],
            ['RESET lock_timeout'],
        ),
        AddIndexConcurrently(
            model_name='appointment',
            index=models.Index(condition=models.Q(('order__isnull', False)), fields=['order'], name='appointment_of_order'),
        ),
        AddIndexConcurrently(
            model_name='appointment',
            index=models.Index(condition=models.Q(('wanted_doctor__isnull', False)), fields=['wanted_doctor'], name='appointment_wants_doctor'),
        ),
        migrations.RunSQL(
            [f'DROP INDEX CONCURRENTLY IF EXISTS {name}' for name in OLD.values()],
            [
                f'CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON appointments_appointment ({column})'
                for column, name in OLD.items()
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='appointment',
                    name='order',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.paymentorder', verbose_name='payment order'),
                ),
                migrations.AlterField(
                    model_name='appointment',
                    name='wanted_doctor',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='doctors.doctor', verbose_name='wants the doctor'),
                ),
            ],
        ),
        migrations.RunSQL(['RESET lock_timeout'], ['SET lock_timeout = 0']),
    ]
