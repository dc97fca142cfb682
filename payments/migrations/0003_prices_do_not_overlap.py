"""No two active prices of one target hold at the same time.

The target is hashed into a range of one number, so that the exclusion constraint needs no
btree_gist.
"""

from django.db import migrations

TARGET = """hashtextextended(
    service || E'\\x1f' || scope || E'\\x1f' || coalesce(doctor_public_id::text, '')
    || E'\\x1f' || level || E'\\x1f' || department_code, 0) >> 1"""

ADD = f"""
ALTER TABLE payments_pricerule ADD CONSTRAINT price_rules_do_not_overlap EXCLUDE USING gist (
  int8range({TARGET}, {TARGET}, '[]') WITH &&,
  tstzrange(valid_from, valid_until) WITH &&
) WHERE (is_active)
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0002_ledger_promises")]
    operations = [
        migrations.RunSQL(
            ADD, "ALTER TABLE payments_pricerule DROP CONSTRAINT price_rules_do_not_overlap"
        ),
    ]
