"""Every stored message is its own revision: nothing was edited or recalled until now."""

from django.db import migrations

BATCH = 5000
NUMBER = "UPDATE chat_message SET rev = seq WHERE id >= %s AND id < %s AND rev IS NULL"
FOLLOW = """
UPDATE chat_conversation SET last_rev = last_seq, changed_at = last_message_at
WHERE last_rev < last_seq;
UPDATE chat_member SET left_rev = left_seq WHERE left_seq IS NOT NULL AND left_rev IS NULL;
"""


def number(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(id), 0), coalesce(max(id), -1) FROM chat_message")
        first, last = cursor.fetchone()
        for start in range(first, last + 1, BATCH):
            cursor.execute(NUMBER, [start, start + BATCH])
        cursor.execute(FOLLOW)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("chat", "0002_revisions")]
    operations = [migrations.RunPython(number, migrations.RunPython.noop)]
