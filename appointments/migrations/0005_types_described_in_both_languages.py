"""Appointment types are described in both languages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appointments", "0004_one_index_per_question")]

    operations = [
        migrations.RenameField("appointmenttype", "description", "description_zh"),
        migrations.AlterField(
            "appointmenttype",
            "description_zh",
            models.CharField("description in Chinese", max_length=500, blank=True),
        ),
        migrations.AddField(
            "appointmenttype",
            "description_en",
            models.CharField("description in English", max_length=500, blank=True),
        ),
    ]
