"""No doctor and no person is booked twice at a time, nobody waits twice for one kind of appointment.

Core ranges need no btree_gist; joining the waiting list answers a conflict by ON CONFLICT DO NOTHING.

The condition is ``enums.BLOCKING``; a row that comes back from a free state is checked as well.
"""

from django.db import migrations

BLOCKING = "state IN ('offered', 'held', 'pending', 'confirmed', 'in_progress')"
DOCTOR = f"""
ALTER TABLE appointments_appointment ADD CONSTRAINT doctor_is_not_double_booked EXCLUDE USING gist (
  int8range(doctor_id, doctor_id, '[]') WITH &&,
  seats WITH &&,
  tstzrange(busy_from, busy_until) WITH &&
) WHERE ({BLOCKING})
"""
PERSON = f"""
ALTER TABLE appointments_appointment ADD CONSTRAINT person_is_not_double_booked EXCLUDE USING gist (
  int8range(person_id, person_id, '[]') WITH &&,
  tstzrange(starts_at, ends_at) WITH &&
) WHERE ({BLOCKING})
"""
WAITS_ONCE = """
ALTER TABLE appointments_appointment ADD CONSTRAINT person_waits_once EXCLUDE USING gist (
  int8range(person_id, person_id, '[]') WITH &&,
  int8range(kind_id, kind_id, '[]') WITH &&,
  tstzrange(wanted_from, wanted_until) WITH &&
) WHERE (state IN ('queued', 'offered') AND wanted_from IS NOT NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("appointments", "0001_initial")]

    operations = [
        migrations.RunSQL(
            DOCTOR,
            "ALTER TABLE appointments_appointment DROP CONSTRAINT doctor_is_not_double_booked",
        ),
        migrations.RunSQL(
            PERSON,
            "ALTER TABLE appointments_appointment DROP CONSTRAINT person_is_not_double_booked",
        ),
        migrations.RunSQL(
            WAITS_ONCE,
            "ALTER TABLE appointments_appointment DROP CONSTRAINT person_waits_once",
        ),
    ]
