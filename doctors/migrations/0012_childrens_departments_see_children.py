"""Children's departments are the ones that see children; staff may mark more in the console."""

from django.db import migrations

MARK = """
UPDATE doctors_department SET sees_children = true
WHERE code IN ('paediatrics', 'pediatrics') OR name LIKE '%儿科%'
"""


class Migration(migrations.Migration):
    dependencies = [("doctors", "0011_department_sees_children")]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
