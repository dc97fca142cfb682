"""What bookings are judged by moves too: names, prices and texts of consents, beside the hours.

Moves of the house alone get an index of their own in the next but one: each booking asks for them.
"""

from django.db import migrations

HOUSE_MOVED = "appointments_house_moved"
WHOLE = "payments_pricerule", "patients_consenttext"
# Columns that count, and those that did before; others change all day.
DOCTOR = (
    "public_id", "user_id", "branch_id", "status", "certification", "is_appointment_open",
    "licence_valid_until",
)  # fmt: skip
BRANCH = "code", "time_zone", "is_active"
PARTS = {
    "doctors_doctor": ((*DOCTOR, "department_id", "name", "icon", "level"), DOCTOR),
    "doctors_branch": ((*BRANCH, "name", "address"), BRANCH),
    "doctors_department": (("code", "name"), ()),
}


def _whole(table):
    when = f"AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW"
    return migrations.RunSQL(
        f"CREATE TRIGGER calendar_moved {when} EXECUTE FUNCTION {HOUSE_MOVED}()",
        f"DROP TRIGGER calendar_moved ON {table}",
    )


def _part(table, columns, before):
    drop = f"DROP TRIGGER calendar_moved_on ON {table}"
    make, former = _on(table, columns), _on(table, before)
    return migrations.RunSQL([drop, make] if before else make, [drop, former] if before else drop)


def _on(table, columns):
    old, new = (", ".join(f"{row}.{name}" for name in columns) for row in ("OLD", "NEW"))
    return (
        f"CREATE TRIGGER calendar_moved_on AFTER UPDATE OF {', '.join(columns)} ON {table}"
        f" FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new}))"
        f" EXECUTE FUNCTION {HOUSE_MOVED}()"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("appointments", "0008_wait_for_changes_of_the_person"),
        ("accounts", "0003_second_factors"),
        ("doctors", "0007_papers_are_replaced"),
        ("patients", "0003_identity_documents"),
        ("payments", "0006_due_messages_are_indexed"),
    ]

    operations = [
        *(_whole(table) for table in WHOLE),
        *(_part(table, *columns) for table, columns in PARTS.items()),
    ]
