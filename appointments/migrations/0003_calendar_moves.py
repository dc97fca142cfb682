"""Every change of when somebody is free leaves a row: kept answers are true until one is there.

A row is only ever added, so that no transaction waits for another. What concerns one doctor's time
names him; who works where and when, what is offered and where, concerns everybody (0).
"""

import django.db.models.functions.datetime
from django.db import migrations, models

import appointments.models.move

OF_DOCTOR = """
CREATE FUNCTION appointments_doctor_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.doctor_id IS NOT NULL THEN
    INSERT INTO appointments_calendarmove (doctor_id) VALUES (OLD.doctor_id);
  END IF;
  IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.doctor_id IS DISTINCT FROM OLD.doctor_id THEN
    IF NEW.doctor_id IS NOT NULL THEN
      INSERT INTO appointments_calendarmove (doctor_id) VALUES (NEW.doctor_id);
    END IF;
  END IF;
  RETURN NULL;
END $$
"""
OF_EVERYBODY = """
CREATE FUNCTION appointments_house_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO appointments_calendarmove (doctor_id) VALUES (0);
  RETURN NULL;
END $$
"""
APPOINTMENT = (
    "doctor_id", "kind_id", "state", "starts_at", "busy_from", "busy_until", "seats", "expires_at",
)  # fmt: skip
# Every change of these counts.
WHOLE = {"doctors_leave": "appointments_doctor_moved"} | dict.fromkeys(
    (
        "doctors_workrule", "doctors_branchhours", "doctors_calendarday",
        "appointments_appointmenttype", "appointments_appointmenttype_doctors",
        "appointments_appointmenttype_branches",
    ),
    "appointments_house_moved",
)  # fmt: skip
# Of these a few columns count, others change all day.
PARTS = {
    "doctors_doctor": (
        "public_id", "user_id", "branch_id", "status", "certification", "is_appointment_open",
        "licence_valid_until",
    ),
    "doctors_branch": ("code", "time_zone", "is_active"),
    "accounts_user": ("is_active",),
}  # fmt: skip


def _is_other(columns):
    old, new = (", ".join(f"{row}.{name}" for name in columns) for row in ("OLD", "NEW"))
    return f"({old}) IS DISTINCT FROM ({new})"


def _trigger(table, name, when, function):
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {name} ON {table}",
    )


def _triggers():
    # A second branch ends the answers about the only one.
    when = "AFTER INSERT OR DELETE ON doctors_branch FOR EACH ROW"
    yield _trigger("doctors_branch", "calendar_moved", when, "appointments_house_moved")
    table = "appointments_appointment"
    yield _trigger(
        table, "calendar_moved", f"AFTER INSERT OR DELETE ON {table} FOR EACH ROW",
        "appointments_doctor_moved",
    )  # fmt: skip
    yield _trigger(
        table, "calendar_moved_on",
        f"AFTER UPDATE ON {table} FOR EACH ROW WHEN ({_is_other(APPOINTMENT)})",
        "appointments_doctor_moved",
    )  # fmt: skip
    for table, function in WHOLE.items():
        when = f"AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW"
        yield _trigger(table, "calendar_moved", when, function)
    for table, columns in PARTS.items():
        told = ", ".join(columns)
        yield _trigger(
            table, "calendar_moved_on",
            f"AFTER UPDATE OF {told} ON {table} FOR EACH ROW WHEN ({_is_other(columns)})",
            "appointments_house_moved",
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("appointments", "0002_nobody_is_double_booked"),
        ("doctors", "0005_calendars_do_not_overlap"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("doctor_id", models.BigIntegerField(verbose_name="doctor")),
                (
                    "made_by",
                    appointments.models.move.TransactionField(
                        db_default=models.Func(function="pg_current_xact_id"),
                        verbose_name="transaction",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="at"
                    ),
                ),
            ],
            options={
                "verbose_name": "move in calendars",
                "verbose_name_plural": "moves in calendars",
                "indexes": [models.Index(fields=["made_by"], name="calendar_move_made_by")],
            },
        ),
        migrations.RunSQL(OF_DOCTOR, "DROP FUNCTION appointments_doctor_moved()"),
        migrations.RunSQL(OF_EVERYBODY, "DROP FUNCTION appointments_house_moved()"),
        *_triggers(),
    ]
