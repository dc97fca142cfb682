"""Notes from before notes named a doctor get one, so that he reads his side again.

A comment is its author's. A question is the doctor's whom the complaint concerns, unless staff
chose one: then nobody can tell whom they had asked, and the question stays with staff.
"""

from django.db import migrations

# A table with checks that wait for the commit cannot be altered: they are made at once.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE complaints_complaintnote
    DISABLE TRIGGER pgtrigger_complaint_notes_append_only_f9c00;
UPDATE complaints_complaintnote n SET doctor_id = d.id
FROM doctors_doctor d
WHERE n.doctor_id IS NULL AND n.side = 'doctor' AND d.user_id = n.author_id;
UPDATE complaints_complaintnote n SET doctor_id = c.doctor_id
FROM complaints_complaint c
WHERE n.doctor_id IS NULL AND n.for_doctor AND c.id = n.complaint_id
    AND NOT EXISTS (
        SELECT FROM complaints_complaintstep s WHERE s.complaint_id = c.id AND s.act = 'directed'
    );
ALTER TABLE complaints_complaintnote
    ENABLE TRIGGER pgtrigger_complaint_notes_append_only_f9c00;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0006_one_compensation_no_more'),
        ('doctors', '0006_live_pictures_count_once'),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
