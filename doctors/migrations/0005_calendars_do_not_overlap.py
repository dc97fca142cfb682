"""Stretches of one owner do not overlap; core ranges need no btree_gist."""

from django.db import migrations

RULES = {
    "doctors_branchhours": (
        "branch_hours_do_not_overlap",
        """
        int8range(branch_id, branch_id, '[]') WITH &&,
        int4range(weekday * 1440 + start_minute, weekday * 1440 + end_minute) WITH &&,
        daterange(valid_from, valid_until, '[]') WITH &&
        """,
        "",
    ),
    "doctors_workrule": (
        "work_rules_do_not_overlap",
        """
        int8range(doctor_id, doctor_id, '[]') WITH &&,
        int4range(weekday * 1440 + start_minute, weekday * 1440 + end_minute) WITH &&,
        daterange(valid_from, valid_until, '[]') WITH &&
        """,
        "",
    ),
    # One number line for the three owners: doctors above, branches below zero, the house at zero.
    "doctors_calendarday": (
        "calendar_days_do_not_overlap",
        """
        int8range(coalesce(doctor_id, -branch_id, 0), coalesce(doctor_id, -branch_id, 0), '[]')
          WITH &&,
        daterange(date, date, '[]') WITH &&,
        int4range(start_minute, end_minute) WITH &&
        """,
        "",
    ),
    "doctors_leave": (
        "leaves_do_not_overlap",
        """
        int8range(doctor_id, doctor_id, '[]') WITH &&,
        tstzrange(starts_at, ends_at) WITH &&
        """,
        "WHERE (cancelled_at IS NULL)",
    ),
}


def _sql(table: str) -> migrations.RunSQL:
    name, columns, condition = RULES[table]
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ({columns}) {condition}",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("doctors", "0004_take_first_place")]

    operations = [_sql(table) for table in RULES]
