"""Each complaint's one compensation becomes that of the round that stands; former ones are lost."""

from django.db import migrations

MOVE = """
INSERT INTO complaints_compensation (complaint_id, round, request_id, at)
SELECT c.id, c.round, c.compensation_id, COALESCE(c.decided_at, r.created_at)
FROM complaints_complaint c JOIN payments_refundrequest r ON r.id = c.compensation_id
ON CONFLICT DO NOTHING
"""
BACK = """
UPDATE complaints_complaint c SET compensation_id = m.request_id
FROM (
    SELECT DISTINCT ON (complaint_id) complaint_id, request_id
    FROM complaints_compensation ORDER BY complaint_id, round DESC
) m WHERE m.complaint_id = c.id
"""


class Migration(migrations.Migration):

    dependencies = [('complaints', '0004_compensations_by_round')]

    operations = [migrations.RunSQL(MOVE, BACK)]
