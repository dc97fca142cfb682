"""A fresh clinic has one team, always open, for everybody who names none."""

from django.db import migrations



def add(apps, schema_editor):
    team = apps.get_model("customer_service", "Team")
    if not team.objects.exists():
        team.objects.create(
            code="general",
            name_zh="综合客服",
            name_en="General service",
            is_default=True,
        )


class Migration(migrations.Migration):
    dependencies = [("customer_service", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
