"""Give relations their words in the console."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customer_service', '0004_report_indexes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='agentstatuschange',
            name='agent',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='status_changes', to='customer_service.agent', verbose_name='agent'),
        ),
        migrations.AlterField(
            model_name='cannedreply',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customer_service.agent', verbose_name='owner'),
        ),
        migrations.AlterField(
            model_name='cannedreply',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customer_service.team', verbose_name='team'),
        ),
        migrations.AlterField(
            model_name='chatmove',
            name='chat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='customer_service.servicechat', verbose_name='service chat'),
        ),
        migrations.AlterField(
            model_name='chatmove',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customer_service.team', verbose_name='team'),
        ),
        migrations.AlterField(
            model_name='handling',
            name='agent',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handlings', to='customer_service.agent', verbose_name='agent'),
        ),
        migrations.AlterField(
            model_name='handling',
            name='chat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handlings', to='customer_service.servicechat', verbose_name='service chat'),
        ),
        migrations.AlterField(
            model_name='handling',
            name='team',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customer_service.team', verbose_name='team'),
        ),
        migrations.AlterField(
            model_name='leftmessage',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customer_service.agent', verbose_name='answered by'),
        ),
        migrations.AlterField(
            model_name='leftmessage',
            name='chat',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='left_messages', to='customer_service.servicechat', verbose_name='service chat'),
        ),
        migrations.AlterField(
            model_name='note',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customer_service.agent', verbose_name='author'),
        ),
        migrations.AlterField(
            model_name='qualitycheck',
            name='chat',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='quality', to='customer_service.servicechat', verbose_name='service chat'),
        ),
        migrations.AlterField(
            model_name='slatimer',
            name='chat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sla_timers', to='customer_service.servicechat', verbose_name='service chat'),
        ),
        migrations.AlterField(
            model_name='teamday',
            name='team',
            field=models.ForeignKey(blank=True, help_text='Empty: all teams.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='days', to='customer_service.team', verbose_name='team'),
        ),
    ]
