"""The groups behind the roles, with the names of this moment."""

from typing import Any

from django.db import migrations

ROLES = (
    "patient",
    "doctor",
    "pharmacist",
    "customer_service",
    "content_operator",
    "finance",
    "admin",
    "auditor",
)


def create_groups(apps: Any, _schema_editor: Any) -> None:
    """Make the groups that are not there yet."""
    groups = apps.get_model("auth", "Group").objects
    for role in ROLES:
        groups.get_or_create(name=role)


def remove_groups(apps: Any, _schema_editor: Any) -> None:
    """Remove the groups; memberships go with them."""
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    """Data only, safe to repeat."""

    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(create_groups, remove_groups)]
