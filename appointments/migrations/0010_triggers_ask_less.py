"""Triggers of a new appointment ask in their conditions, which cost less than questions inside."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

TAKEN = """
CREATE FUNCTION appointments_doctor_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO appointments_calendarmove (doctor_id) VALUES (NEW.doctor_id);
  RETURN NULL;
END $$
"""
TABLE = "appointments_appointment"
DROP = f"DROP TRIGGER calendar_moved ON {TABLE}"
MOVED = "EXECUTE FUNCTION appointments_doctor_moved()"
BEFORE = f"CREATE TRIGGER calendar_moved AFTER INSERT OR DELETE ON {TABLE} FOR EACH ROW {MOVED}"
ON_INSERT = (
    f"CREATE TRIGGER calendar_moved AFTER INSERT ON {TABLE} FOR EACH ROW"
    " WHEN (NEW.doctor_id IS NOT NULL) EXECUTE FUNCTION appointments_doctor_taken()"
)
ON_DELETE = f"CREATE TRIGGER calendar_moved_off AFTER DELETE ON {TABLE} FOR EACH ROW {MOVED}"


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0009_practices_move_too'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='appointment',
            name='doctor_is_there',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='appointment',
            name='person_is_there',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='doctor_is_there', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state IN ('offered', 'held', 'pending', 'confirmed'))", declare='DECLARE works boolean;', func="\nSELECT status = 'active' INTO works FROM doctors_doctor WHERE id = NEW.doctor_id FOR KEY SHARE;\nIF works AND NOT EXISTS (\n  SELECT 1 FROM doctors_leave\n  WHERE doctor_id = NEW.doctor_id AND cancelled_at IS NULL\n    AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at\n) THEN\n  RETURN NEW;\nEND IF;\nRAISE EXCEPTION 'the doctor is away'\n  USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'doctor_is_there';\n", hash='4147828bc2e4db1472d4879a44015822b0596a90', operation='INSERT', pgid='pgtrigger_doctor_is_there_0c382', table='appointments_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='doctor_is_there_too', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.state IN ('offered', 'held', 'pending', 'confirmed') AND (OLD.state IN ('offered', 'held', 'pending', 'confirmed') AND OLD.doctor_id = NEW.doctor_id\n  AND OLD.starts_at = NEW.starts_at AND OLD.ends_at = NEW.ends_at) IS NOT TRUE)", declare='DECLARE works boolean;', func="\nSELECT status = 'active' INTO works FROM doctors_doctor WHERE id = NEW.doctor_id FOR KEY SHARE;\nIF works AND NOT EXISTS (\n  SELECT 1 FROM doctors_leave\n  WHERE doctor_id = NEW.doctor_id AND cancelled_at IS NULL\n    AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at\n) THEN\n  RETURN NEW;\nEND IF;\nRAISE EXCEPTION 'the doctor is away'\n  USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'doctor_is_there';\n", hash='5523eedcdd0cd2716bd01af46b0edad53143753d', operation='UPDATE OF "state", "doctor_id", "starts_at", "ends_at"', pgid='pgtrigger_doctor_is_there_too_bb476', table='appointments_appointment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appointment',
            trigger=pgtrigger.compiler.Trigger(name='person_is_there', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF NOT EXISTS (\n  SELECT FROM patients_visitperson WHERE id = NEW.person_id AND is_active FOR KEY SHARE\n) THEN\n  RAISE EXCEPTION 'the visit person was removed'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'person_is_there';\nEND IF;\nRETURN NEW;\n", hash='869ce22ec253f600e84d6b75e301e01a812a3a2f', operation='INSERT', pgid='pgtrigger_person_is_there_ab86f', table='appointments_appointment', when='BEFORE')),
        ),
        migrations.RunSQL(TAKEN, "DROP FUNCTION appointments_doctor_taken()"),
        migrations.RunSQL([DROP, ON_INSERT], [DROP, BEFORE]),
        migrations.RunSQL(ON_DELETE, f"DROP TRIGGER calendar_moved_off ON {TABLE}"),
    ]
