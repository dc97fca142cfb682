"""No two stretches of one doctor's weekday overlap.

An exclusion constraint on one range of minutes, unique to doctor and weekday, needs no btree_gist.
"""

from django.db import migrations

ADD = """
ALTER TABLE doctors_servicehours ADD CONSTRAINT service_hours_do_not_overlap EXCLUDE USING gist (
  int8range(
    (doctor_id * 7 + weekday) * 1440 + (extract(epoch FROM "start") / 60)::bigint,
    (doctor_id * 7 + weekday) * 1440 + CASE WHEN "end" = TIME '00:00' THEN 1440
                                            ELSE (extract(epoch FROM "end") / 60)::bigint END
  ) WITH &&
)
"""


class Migration(migrations.Migration):
    dependencies = [("doctors", "0001_initial")]

    operations = [
        migrations.RunSQL(
            ADD, "ALTER TABLE doctors_servicehours DROP CONSTRAINT service_hours_do_not_overlap"
        ),
    ]
