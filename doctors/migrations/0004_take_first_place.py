"""The function that goes through wishes in order and takes one place for the first that can be met.

All steps of a search are one statement. Named doctors are waited for; the best of many is found by
``doctors_take_best_place``. A wish ``by_phone`` looks at the other switch: the best of many is found
among the few doctors who take calls, first one whose row nobody holds, else the one who is free when
its holder is done. Wishes are objects of doctor_id, may_be_away, low_rank, high_rank, department_id,
excluded and by_phone; the answer counts them from zero.
"""

from django.db import migrations

WHO = """
  u.id = d.user_id AND u.is_active AND d.current_consultation_count < d.place_limit
  AND d.status = 'active' AND d.certification = 'certified'
  AND d.is_service_open AND d.is_phone_open AND d.licence_valid_until >= today
  AND d.level_rank BETWEEN wanted.low_rank AND wanted.high_rank
  AND (wanted.department_id IS NULL OR d.department_id = wanted.department_id)
  AND d.id <> ALL (COALESCE(wanted.excluded, '{}'))
  AND d.is_on_duty AND (d.duty_ends_at IS NULL OR d.duty_ends_at > moment)
  AND EXISTS (
    SELECT 1 FROM doctors_doctorpresence AS p
    WHERE p.doctor_id = d.id AND p.state = 'online' AND p.heartbeat_at > fresh_after)
"""
BEST = f"""
  SELECT d.id INTO best FROM doctors_doctor AS d, accounts_user AS u WHERE {WHO}
  ORDER BY d.load_key, d.last_assigned_at NULLS FIRST, d.id LIMIT 1
  FOR NO KEY UPDATE OF d"""
HEAD = """
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
"""
NAMED = """
      UPDATE doctors_doctor AS d
      SET current_consultation_count = d.current_consultation_count + 1, last_assigned_at = moment
      FROM accounts_user AS u
      WHERE d.id = wanted.doctor_id AND u.id = d.user_id AND u.is_active
        AND d.current_consultation_count < d.place_limit
        AND d.status = 'active' AND d.certification = 'certified'
        AND d.is_service_open AND {switch} AND d.licence_valid_until >= today
        AND (wanted.may_be_away OR (
          d.is_on_duty AND (d.duty_ends_at IS NULL OR d.duty_ends_at > moment)
          AND EXISTS (
            SELECT 1 FROM doctors_doctorpresence AS p
            WHERE p.doctor_id = d.id AND p.state = 'online' AND p.heartbeat_at > fresh_after)))
      RETURNING d.id AS doctor_id, d.current_consultation_count::int AS new_load,
        d.place_limit::int AS place_limit
      INTO taken;
"""
TAIL = """
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
BY_TEXT = """
      SELECT * INTO taken FROM doctors_take_best_place(
        wanted.low_rank, wanted.high_rank, wanted.department_id, wanted.excluded,
        moment, fresh_after, today);
"""
CREATE = f"""{HEAD}
  best bigint;
BEGIN
  FOR wanted IN SELECT * FROM jsonb_to_recordset(wishes) AS w(
    doctor_id bigint, may_be_away boolean, low_rank int, high_rank int, department_id bigint,
    excluded bigint[], by_phone boolean
  ) LOOP
    number := number + 1;
    CONTINUE WHEN wanted.doctor_id = ANY (wanted.excluded);
    IF wanted.doctor_id IS NULL AND COALESCE(wanted.by_phone, false) THEN
      best := NULL;
      {BEST} SKIP LOCKED;
      IF best IS NULL THEN {BEST}; END IF;
      UPDATE doctors_doctor AS d
      SET current_consultation_count = d.current_consultation_count + 1, last_assigned_at = moment
      WHERE d.id = best
      RETURNING d.id AS doctor_id, d.current_consultation_count::int AS new_load,
        d.place_limit::int AS place_limit
      INTO taken;
    ELSIF wanted.doctor_id IS NULL THEN {BY_TEXT}
    ELSE {NAMED.format(
        switch="CASE WHEN COALESCE(wanted.by_phone, false) THEN d.is_phone_open"
        " ELSE d.is_text_open END"
    )}
    END IF;
{TAIL}"""
DROP = "DROP FUNCTION doctors_take_first_place(jsonb, timestamptz, timestamptz, date)"


class Migration(migrations.Migration):
    dependencies = [("doctors", "0003_take_best_place")]

    operations = [migrations.RunSQL(CREATE, DROP)]
