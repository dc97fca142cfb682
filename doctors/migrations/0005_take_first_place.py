"""The function that goes through wishes in order and takes one place for the first that can be met.

All steps of a search are one statement. Named doctors are waited for; the best of many is found by
``doctors_take_best_place``. Wishes are objects of doctor_id, may_be_away, low_rank, high_rank,
department_id and excluded; the answer counts them from zero.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION doctors_take_first_place(
  wishes jsonb, moment timestamptz, fresh_after timestamptz, today date
) RETURNS TABLE (
  wish int, new_load int, place_limit int,
  doctor_id bigint, name varchar, public_id uuid, user_id bigint, user_public_id uuid
)
LANGUAGE plpgsql VOLATILE ROWS 1
AS $$
#variable_conflict use_column
DECLARE
  number int := -1;
  wanted record;
  taken record;
BEGIN
  FOR wanted IN SELECT * FROM jsonb_to_recordset(wishes) AS w(
    doctor_id bigint, may_be_away boolean, low_rank int, high_rank int, department_id bigint,
    excluded bigint[]
  ) LOOP
    number := number + 1;
    CONTINUE WHEN wanted.doctor_id = ANY (wanted.excluded);
    IF wanted.doctor_id IS NULL THEN
      SELECT * INTO taken FROM doctors_take_best_place(
        wanted.low_rank, wanted.high_rank, wanted.department_id, wanted.excluded,
        moment, fresh_after, today);
    ELSE
      UPDATE doctors_doctor AS d
      SET current_consultation_count = d.current_consultation_count + 1, last_assigned_at = moment
      FROM accounts_user AS u
      WHERE d.id = wanted.doctor_id AND u.id = d.user_id AND u.is_active
        AND d.current_consultation_count < d.place_limit
        AND d.status = 'active' AND d.certification = 'certified'
        AND d.is_service_open AND d.is_text_open AND d.licence_valid_until >= today
        AND (wanted.may_be_away OR (
          d.is_on_duty AND (d.duty_ends_at IS NULL OR d.duty_ends_at > moment)
          AND EXISTS (
            SELECT 1 FROM doctors_doctorpresence AS p
            WHERE p.doctor_id = d.id AND p.state = 'online' AND p.heartbeat_at > fresh_after)))
      RETURNING d.id AS doctor_id, d.current_consultation_count::int AS new_load,
        d.place_limit::int AS place_limit
      INTO taken;
    END IF;
    IF FOUND THEN
      RETURN QUERY
        SELECT number, taken.new_load, taken.place_limit,
          d.id, d.name, d.public_id, u.id, u.public_id
        FROM doctors_doctor AS d JOIN accounts_user AS u ON u.id = d.user_id
        WHERE d.id = taken.doctor_id;
      RETURN;
    END IF;
  END LOOP;
END $$
"""
DROP = "DROP FUNCTION doctors_take_first_place(jsonb, timestamptz, timestamptz, date)"


class Migration(migrations.Migration):
    dependencies = [("doctors", "0004_name_history")]

    operations = [migrations.RunSQL(CREATE, DROP)]
