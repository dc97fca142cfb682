"""What patients tell before a doctor begins, warning words, and the re-visit gate."""

import clinic.core.clock
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0005_follow_ups_pushes_and_calls'),
        ('doctors', '0012_childrens_departments_see_children'),
        ('files', '0001_files'),
        ('records', '0001_records'),
    ]

    operations = [
        migrations.CreateModel(
            name='IntakeFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('use', models.CharField(choices=[('tongue', 'Tongue'), ('face', 'Face'), ('earlier', 'Earlier diagnosis')], max_length=10, verbose_name='shows')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
            ],
            options={
                'verbose_name': 'file of an intake',
                'verbose_name_plural': 'files of intakes',
            },
        ),
        migrations.CreateModel(
            name='IntakeSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('source', models.CharField(choices=[('description', 'From the description alone'), ('form', 'Filled in by the patient')], max_length=20, verbose_name='source')),
                ('given_at', models.DateTimeField(default=clinic.core.clock.now, verbose_name='given at')),
                ('complaint', models.TextField(max_length=2000, verbose_name='complaint')),
                ('duration_value', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='duration')),
                ('duration_unit', models.CharField(blank=True, choices=[('hour', 'hours'), ('day', 'days'), ('week', 'weeks'), ('month', 'months'), ('year', 'years')], max_length=10, verbose_name='unit of the duration')),
                ('allergy', models.CharField(blank=True, choices=[('none', 'No allergies known'), ('known', 'Has allergies'), ('unknown', 'Allergies not known')], max_length=10, verbose_name='allergies')),
                ('allergies', models.TextField(blank=True, max_length=1000, verbose_name='which allergies')),
                ('pregnancy', models.CharField(blank=True, choices=[('no', 'Not pregnant'), ('yes', 'Pregnant'), ('unknown', 'Pregnancy not known'), ('breast_feeding', 'Breast-feeding')], max_length=20, verbose_name='pregnancy')),
                ('drugs', models.TextField(blank=True, max_length=1000, verbose_name='current drugs')),
                ('ten_questions', models.JSONField(blank=True, default=dict, verbose_name='ten questions')),
                ('height_cm', models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name='height in cm')),
                ('weight_kg', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='weight in kg')),
                ('earlier_diagnosis', models.TextField(blank=True, max_length=1000, verbose_name='earlier diagnosis')),
                ('guardian_name', models.CharField(blank=True, max_length=60, verbose_name='guardian')),
                ('guardian_relation', models.CharField(blank=True, max_length=30, verbose_name='relation of the guardian')),
            ],
            options={
                'verbose_name': 'intake',
                'verbose_name_plural': 'intakes',
            },
        ),
        migrations.CreateModel(
            name='RaisedFlag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=60, verbose_name='word')),
                ('advice', models.TextField(max_length=1000, verbose_name='advice')),
            ],
            options={
                'verbose_name': 'raised warning',
                'verbose_name_plural': 'raised warnings',
            },
        ),
        migrations.CreateModel(
            name='RedFlag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=60, validators=[django.core.validators.MinLengthValidator(2)], verbose_name='word')),
                ('language', models.CharField(choices=[('zh', 'Chinese'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('advice', models.TextField(max_length=1000, verbose_name='advice')),
                ('below_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='only below this age in months')),
                ('only_pregnant', models.BooleanField(default=False, verbose_name='only for the pregnant')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'warning word',
                'verbose_name_plural': 'warning words',
            },
        ),
        migrations.CreateModel(
            name='RevisitCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fits', models.BooleanField(verbose_name='fits a re-visit')),
                ('at', models.DateTimeField(default=clinic.core.clock.now, verbose_name='at')),
            ],
            options={
                'verbose_name': 're-visit check',
                'verbose_name_plural': 're-visit checks',
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='consultation',
            name='consultation_moves',
        ),
        migrations.AddField(
            model_name='consultation',
            name='has_red_flags',
            field=models.BooleanField(default=False, editable=False, verbose_name='warning words'),
        ),
        migrations.AddField(
            model_name='consultation',
            name='intake_source',
            field=models.CharField(blank=True, choices=[('description', 'From the description alone'), ('form', 'Filled in by the patient')], editable=False, max_length=20, verbose_name='intake'),
        ),
        migrations.AlterField(
            model_name='consultationevent',
            name='reason',
            field=models.CharField(choices=[('initiated', 'Started by the patient'), ('ordered', 'Order created'), ('paid', 'Paid'), ('unpaid', 'Not paid in time'), ('order_closed', 'Order closed'), ('assigned', 'Doctor assigned'), ('accepted', 'Accepted by the doctor'), ('first_reply', 'First reply of the doctor'), ('declined', 'Declined by the doctor'), ('returned', 'Given back by the doctor'), ('not_accepted', 'Not accepted in time'), ('patient_cancelled', 'Cancelled by the patient'), ('record_signed', 'Completed with a record'), ('patient_ended', 'Ended by the patient'), ('service_time_over', 'Service time is over'), ('referred', 'Referred to a hospital'), ('not_a_revisit', 'No re-visit: needs a first visit in person'), ('nobody_found', 'No doctor was found'), ('too_many_hops', 'Passed on too often'), ('no_reply', 'The doctor did not reply'), ('call_missed', 'The doctor was never reached by phone'), ('transferred', 'Taken over by another doctor'), ('refunded', 'Refunded in full'), ('staff', 'Moved by staff')], max_length=40, verbose_name='reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consultation',
            trigger=pgtrigger.compiler.Trigger(name='consultation_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{:draft,draft:cancelled,draft:pending_payment,pending_payment:cancelled,pending_payment:expired,pending_payment:refunded_closed,pending_payment:waiting_assignment,waiting_assignment:cancelled,waiting_assignment:refunded_closed,waiting_assignment:waiting_accept,waiting_accept:cancelled,waiting_accept:in_progress,waiting_accept:referred_offline,waiting_accept:refunded_closed,waiting_accept:waiting_assignment,in_progress:cancelled,in_progress:completed,in_progress:in_progress,in_progress:referred_offline,in_progress:refunded_closed,in_progress:waiting_assignment}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='7e91416bb1338b63304db7ec4adefd874503dd0b', operation='UPDATE', pgid='pgtrigger_consultation_moves_98248', table='consultations_consultation', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='intakefile',
            name='consultation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consultations.consultation'),
        ),
        migrations.AddField(
            model_name='intakefile',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile'),
        ),
        migrations.AddField(
            model_name='intakesheet',
            name='consultation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='intake_sheets', to='consultations.consultation', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='intakesheet',
            name='earlier_record',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.medicalrecord', verbose_name='earlier record'),
        ),
        migrations.AddField(
            model_name='intakefile',
            name='sheet',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='consultations.intakesheet'),
        ),
        migrations.AddField(
            model_name='raisedflag',
            name='consultation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consultations.consultation'),
        ),
        migrations.AddField(
            model_name='raisedflag',
            name='sheet',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='red_flags', to='consultations.intakesheet'),
        ),
        migrations.AddConstraint(
            model_name='redflag',
            constraint=models.UniqueConstraint(fields=('word', 'below_months', 'only_pregnant'), name='one_red_flag_per_word', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='redflag',
            constraint=models.CheckConstraint(condition=models.Q(('below_months', None), ('below_months__range', (1, 216)), _connector='OR'), name='flag_age_is_of_a_child'),
        ),
        migrations.AddField(
            model_name='revisitcheck',
            name='consultation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisit_checks', to='consultations.consultation', verbose_name='case'),
        ),
        migrations.AddField(
            model_name='revisitcheck',
            name='doctor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='doctors.doctor', verbose_name='doctor'),
        ),
        migrations.AddField(
            model_name='revisitcheck',
            name='sheet',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consultations.intakesheet', verbose_name='intake'),
        ),
        migrations.AddConstraint(
            model_name='intakesheet',
            constraint=models.UniqueConstraint(fields=('consultation', 'version'), name='one_intake_per_version'),
        ),
        migrations.AddConstraint(
            model_name='intakesheet',
            constraint=models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='intake_counts_from_one'),
        ),
        migrations.AddConstraint(
            model_name='intakesheet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('duration_unit', ''), ('duration_value', None)), models.Q(('duration_value__gte', 1), models.Q(('duration_unit', ''), _negated=True)), _connector='OR'), name='duration_has_its_unit'),
        ),
        migrations.AddConstraint(
            model_name='intakesheet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('allergy', 'known'), models.Q(('allergies', ''), _negated=True)), models.Q(models.Q(('allergy', 'known'), _negated=True), ('allergies', '')), _connector='OR'), name='known_allergies_are_named'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='intakesheet',
            trigger=pgtrigger.compiler.Trigger(name='intake_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4b21202efd85a02dd026c1a60600c93408bb91b5', operation='UPDATE OR DELETE', pgid='pgtrigger_intake_append_only_36fb7', table='consultations_intakesheet', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='intakesheet',
            trigger=pgtrigger.compiler.Trigger(name='intake_before_acceptance', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nPERFORM 1 FROM consultations_consultation\n  WHERE id = NEW.consultation_id AND state IN ('draft', 'pending_payment', 'waiting_assignment', 'waiting_accept') FOR SHARE;\nIF NOT FOUND THEN\n  RAISE EXCEPTION 'intake_is_frozen: no more rows of % once the doctor began', TG_TABLE_NAME\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'intake_is_frozen';\nEND IF;\nRETURN NEW;\n", hash='49d645d1442044233acea8d1e2f9bb555dd35261', operation='INSERT', pgid='pgtrigger_intake_before_acceptance_05c1a', table='consultations_intakesheet', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='intakefile',
            constraint=models.UniqueConstraint(fields=('sheet', 'file'), name='one_file_per_intake'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='intakefile',
            trigger=pgtrigger.compiler.Trigger(name='intake_file_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4d8186f036ac7a0ed5f05212902e435700e17a4c', operation='UPDATE OR DELETE', pgid='pgtrigger_intake_file_append_only_51c88', table='consultations_intakefile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='intakefile',
            trigger=pgtrigger.compiler.Trigger(name='intake_file_before_acceptance', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nPERFORM 1 FROM consultations_consultation\n  WHERE id = NEW.consultation_id AND state IN ('draft', 'pending_payment', 'waiting_assignment', 'waiting_accept') FOR SHARE;\nIF NOT FOUND THEN\n  RAISE EXCEPTION 'intake_is_frozen: no more rows of % once the doctor began', TG_TABLE_NAME\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'intake_is_frozen';\nEND IF;\nRETURN NEW;\n", hash='d7de00b4181455de8ae5e33069a7b6f3c10574a7', operation='INSERT', pgid='pgtrigger_intake_file_before_acceptance_ec3a6', table='consultations_intakefile', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='intakefile',
            trigger=pgtrigger.compiler.Trigger(name='intake_file_of_one_case', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nPERFORM 1 FROM files_storedfile WHERE id = NEW.file_id FOR NO KEY UPDATE;\nIF EXISTS (\n  SELECT 1 FROM consultations_intakefile AS taken\n  WHERE taken.file_id = NEW.file_id AND taken.consultation_id <> NEW.consultation_id\n) THEN\n  RAISE EXCEPTION 'intake_file_of_one_case: the file belongs to another case'\n    USING ERRCODE = 'unique_violation', CONSTRAINT = 'intake_file_of_one_case';\nEND IF;\nRETURN NEW;\n", hash='74b2759f26c3cb96b96486a85b8ab60b39f383cd', operation='INSERT', pgid='pgtrigger_intake_file_of_one_case_58dea', table='consultations_intakefile', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='raisedflag',
            constraint=models.UniqueConstraint(fields=('sheet', 'word'), name='one_raised_flag_per_word'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='raisedflag',
            trigger=pgtrigger.compiler.Trigger(name='raised_flag_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6a4aeb99f7fd1df8760a2d3d2e9ce455316f67c1', operation='UPDATE OR DELETE', pgid='pgtrigger_raised_flag_append_only_cafe2', table='consultations_raisedflag', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='raisedflag',
            trigger=pgtrigger.compiler.Trigger(name='raised_flag_before_acceptance', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nPERFORM 1 FROM consultations_consultation\n  WHERE id = NEW.consultation_id AND state IN ('draft', 'pending_payment', 'waiting_assignment', 'waiting_accept') FOR SHARE;\nIF NOT FOUND THEN\n  RAISE EXCEPTION 'intake_is_frozen: no more rows of % once the doctor began', TG_TABLE_NAME\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'intake_is_frozen';\nEND IF;\nRETURN NEW;\n", hash='3806a7d0c0abcb92ada3ed2e3ee57306b2679d44', operation='INSERT', pgid='pgtrigger_raised_flag_before_acceptance_908da', table='consultations_raisedflag', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='revisitcheck',
            index=models.Index(fields=['consultation', '-id'], name='revisit_check_of_case'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='revisitcheck',
            trigger=pgtrigger.compiler.Trigger(name='revisit_check_append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1435a257135e81351ba6c8ad5bc095816cc5a0c9', operation='UPDATE OR DELETE', pgid='pgtrigger_revisit_check_append_only_13bda', table='consultations_revisitcheck', when='BEFORE')),
        ),
    ]
