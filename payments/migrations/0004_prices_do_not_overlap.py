"""No two active prices of one target hold at the same time.

The target is hashed into a range of one number, so that the exclusion constraint needs no
btree_gist. Prices that overlap already end when the next one begins.
"""

from django.db import migrations

TARGET = """hashtextextended(
    service || E'\\x1f' || scope || E'\\x1f' || coalesce(doctor_public_id::text, '')
    || E'\\x1f' || level || E'\\x1f' || department_code, 0) >> 1"""

END_OVERLAPPING = f"""
WITH ordered AS (
  SELECT id, valid_from, lead(valid_from) OVER (
    PARTITION BY {TARGET} ORDER BY valid_from, id) AS next_from
  FROM payments_pricerule WHERE is_active
)
UPDATE payments_pricerule rule
   SET valid_until = CASE WHEN ordered.next_from > rule.valid_from THEN ordered.next_from
                          ELSE rule.valid_until END,
       is_active = ordered.next_from > rule.valid_from
  FROM ordered
 WHERE ordered.id = rule.id AND ordered.next_from IS NOT NULL
   AND (rule.valid_until IS NULL OR rule.valid_until > ordered.next_from)
"""

ADD = f"""
ALTER TABLE payments_pricerule ADD CONSTRAINT price_rules_do_not_overlap EXCLUDE USING gist (
  int8range({TARGET}, {TARGET}, '[]') WITH &&,
  tstzrange(valid_from, valid_until) WITH &&
) WHERE (is_active)
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_price_history")]
    operations = [
        migrations.RunSQL(END_OVERLAPPING, migrations.RunSQL.noop),
        migrations.RunSQL(
            ADD, "ALTER TABLE payments_pricerule DROP CONSTRAINT price_rules_do_not_overlap"
        ),
    ]
