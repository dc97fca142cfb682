-- migration accounts 0001_initial
-- migration accounts 0002_roles
-- migration accounts 0003_second_factors
-- migration admin 0001_initial
-- migration admin 0002_logentry_remove_auto_add
-- migration admin 0003_logentry_add_action_flag_choices
-- migration appointments 0001_initial
-- migration appointments 0002_nobody_is_double_booked
-- migration appointments 0003_calendar_moves
-- migration appointments 0004_one_index_per_question
-- migration appointments 0005_types_described_in_both_languages
-- migration appointments 0006_nothing_for_persons_who_are_gone
-- migration appointments 0007_index_only_what_is_there
-- migration appointments 0008_wait_for_changes_of_the_person
-- migration auth 0001_initial
-- migration auth 0002_alter_permission_name_max_length
-- migration auth 0003_alter_user_email_max_length
-- migration auth 0004_alter_user_username_opts
-- migration auth 0005_alter_user_last_login_null
-- migration auth 0006_require_contenttypes_0002
-- migration auth 0007_alter_validators_add_error_messages
-- migration auth 0008_alter_user_username_max_length
-- migration auth 0009_alter_user_last_name_max_length
-- migration auth 0010_alter_group_name_max_length
-- migration auth 0011_update_proxy_permissions
-- migration auth 0012_alter_user_first_name_max_length
-- migration chat 0001_initial
-- migration chat 0002_senders_are_members
-- migration complaints 0001_initial
-- migration complaints 0002_questions_to_doctors_and_warnings_ahead
-- migration complaints 0003_names_of_deadlines
-- migration complaints 0004_compensations_by_round
-- migration complaints 0005_move_compensations
-- migration complaints 0006_one_compensation_no_more
-- migration complaints 0007_doctors_of_earlier_notes
-- migration consultations 0001_initial
-- migration consultations 0002_first_warning_words
-- migration consultations 0003_sign_confirmed_revisits_only
-- migration consultations 0004_warn_of_fever_of_the_youngest
-- migration consultations 0005_extra_places
-- migration contenttypes 0001_initial
-- migration contenttypes 0002_remove_content_type_name
-- migration core 0001_initial
-- migration customer_service 0001_initial
-- migration customer_service 0002_default_team
-- migration django_celery_beat 0001_initial
-- migration django_celery_beat 0002_auto_20161118_0346
-- migration django_celery_beat 0003_auto_20161209_0049
-- migration django_celery_beat 0004_auto_20170221_0000
-- migration django_celery_beat 0005_add_solarschedule_events_choices
-- migration django_celery_beat 0006_auto_20180210_1226
-- migration django_celery_beat 0006_auto_20180322_0932
-- migration django_celery_beat 0006_periodictask_priority
-- migration django_celery_beat 0007_auto_20180521_0826
-- migration django_celery_beat 0008_auto_20180914_1922
-- migration django_celery_beat 0009_periodictask_headers
-- migration django_celery_beat 0010_auto_20190429_0326
-- migration django_celery_beat 0011_auto_20190508_0153
-- migration django_celery_beat 0012_periodictask_expire_seconds
-- migration django_celery_beat 0013_auto_20200609_0727
-- migration django_celery_beat 0014_remove_clockedschedule_enabled
-- migration django_celery_beat 0015_edit_solarschedule_events_choices
-- migration django_celery_beat 0016_alter_crontabschedule_timezone
-- migration django_celery_beat 0017_alter_crontabschedule_month_of_year
-- migration django_celery_beat 0018_improve_crontab_helptext
-- migration django_celery_beat 0019_alter_periodictasks_options
-- migration doctors 0001_initial
-- migration doctors 0002_hours_do_not_overlap
-- migration doctors 0003_take_best_place
-- migration doctors 0004_take_first_place
-- migration doctors 0005_calendars_do_not_overlap
-- migration doctors 0006_live_pictures_count_once
-- migration doctors 0007_papers_are_replaced
-- migration files 0001_initial
-- migration notifications 0001_initial
-- migration notifications 0002_second_factor_notices
-- migration notifications 0003_complaint_notices
-- migration notifications 0004_notices_of_documents
-- migration notifications 0005_withdrawn_complaint_notices
-- migration notifications 0006_complaint_about_another
-- migration notifications 0007_notices_about_papers
-- migration patients 0001_initial
-- migration patients 0002_first_consent_texts
-- migration patients 0003_identity_documents
-- migration payments 0001_initial
-- migration payments 0002_ledger_promises
-- migration payments 0003_prices_do_not_overlap
-- migration payments 0004_unfinished_messages_take_turns
-- migration payments 0005_movements_are_explained
-- migration payments 0006_due_messages_are_indexed
-- migration pghistory 0001_initial
-- migration pghistory 0002_aggregateevent
-- migration pghistory 0003_auto_20201023_1636
-- migration pghistory 0004_auto_20220906_1625
-- migration pghistory 0005_events_middlewareevents
-- migration pghistory 0006_delete_aggregateevent
-- migration pghistory 0007_auto_20250421_0444
-- migration phrases 0001_initial
-- migration privacy 0001_initial
-- migration realtime 0001_initial
-- migration records 0001_initial
-- migration relations 0001_initial
-- migration reviews 0001_initial
-- migration sessions 0001_initial

CREATE FUNCTION public._pgh_attach_context() RETURNS uuid
    LANGUAGE plpgsql
    AS $$
                    DECLARE
                        _pgh_context_id UUID;
                        _pgh_context_metadata JSONB;
                    BEGIN
                        BEGIN
                            SELECT INTO _pgh_context_id
                                CURRENT_SETTING('pghistory.context_id');
                            SELECT INTO _pgh_context_metadata
                                CURRENT_SETTING('pghistory.context_metadata');
                            EXCEPTION WHEN OTHERS THEN
                        END;
                        IF _pgh_context_id IS NOT NULL AND _pgh_context_metadata IS NOT NULL THEN
                            INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
                                VALUES (_pgh_context_id, _pgh_context_metadata, NOW(), NOW())
                                ON CONFLICT (id) DO UPDATE
                                    SET metadata = EXCLUDED.metadata,
                                        updated_at = EXCLUDED.updated_at
                                    WHERE pghistory_context.metadata != EXCLUDED.metadata;
                            RETURN _pgh_context_id;
                        ELSE
                            RETURN NULL;
                        END IF;
                    END;
                $$;


CREATE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
                DECLARE
                    _pgtrigger_ignore TEXT[];
                    _result BOOLEAN;
                BEGIN
                    BEGIN
                        SELECT INTO _pgtrigger_ignore
                            CURRENT_SETTING('pgtrigger.ignore');
                        EXCEPTION WHEN OTHERS THEN
                    END;
                    IF _pgtrigger_ignore IS NOT NULL THEN
                        SELECT trigger_name = ANY(_pgtrigger_ignore)
                        INTO _result;
                        RETURN _result;
                    ELSE
                        RETURN FALSE;
                    END IF;
                END;
            $$;


CREATE FUNCTION public.appointments_doctor_moved() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.doctor_id IS NOT NULL THEN
    INSERT INTO appointments_calendarmove (doctor_id) VALUES (OLD.doctor_id);
  END IF;
  IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.doctor_id IS DISTINCT FROM OLD.doctor_id THEN
    IF NEW.doctor_id IS NOT NULL THEN
      INSERT INTO appointments_calendarmove (doctor_id) VALUES (NEW.doctor_id);
    END IF;
  END IF;
  RETURN NULL;
END $$;


CREATE FUNCTION public.appointments_house_moved() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  INSERT INTO appointments_calendarmove (doctor_id) VALUES (0);
  RETURN NULL;
END $$;


CREATE FUNCTION public.doctors_take_best_place(low_rank integer, high_rank integer, wanted_department bigint, excluded bigint[], moment timestamp with time zone, fresh_after timestamp with time zone, today date) RETURNS TABLE(doctor_id bigint, user_id bigint, new_load integer, place_limit integer)
    LANGUAGE plpgsql
    SET enable_sort TO 'off'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
  first_department bigint := COALESCE(wanted_department, 0);
  last_department bigint := COALESCE(wanted_department, 9223372036854775807);
  own_timeout text := current_setting('lock_timeout');
  deadline timestamptz := clock_timestamp() + interval '2 seconds';
  best_id bigint;
  awaited bigint;
  ceiling_key int;
  walk refcursor;
  seen record;
BEGIN
  <<rounds>>
  WHILE clock_timestamp() < deadline LOOP
    BEGIN
      awaited := best_id;
      best_id := NULL;
      IF awaited IS NOT NULL THEN
        -- The last round found everything good held: wait for the best, but not for ever.
        PERFORM set_config('lock_timeout', '300ms', true);
        PERFORM 1 FROM doctors_doctor AS d WHERE d.id = awaited FOR NO KEY UPDATE;
        PERFORM set_config('lock_timeout', own_timeout, true);
      END IF;
      IF low_rank = high_rank THEN
        OPEN walk FOR 
  SELECT d.id, d.user_id, d.current_consultation_count AS load, d.load_key, d.last_assigned_at,
          (d.current_consultation_count + 1) * 10000 / d.place_limit AS next_key
   FROM doctors_doctor AS d
   WHERE d.level_rank = low_rank AND 
  d.status = 'active' AND d.certification = 'certified'
  AND d.is_service_open AND d.is_text_open AND d.is_on_duty
  AND d.current_consultation_count < d.place_limit

     AND d.department_id BETWEEN first_department AND last_department
     AND d.licence_valid_until >= today
     AND (d.duty_ends_at IS NULL OR d.duty_ends_at > moment)
     AND d.id <> ALL (excluded)
   ORDER BY d.load_key, d.last_assigned_at NULLS FIRST, d.id
;
      ELSE
        OPEN walk FOR SELECT * FROM ((
  SELECT d.id, d.user_id, d.current_consultation_count AS load, d.load_key, d.last_assigned_at,
          (d.current_consultation_count + 1) * 10000 / d.place_limit AS next_key
   FROM doctors_doctor AS d
   WHERE d.level_rank = 1 AND 1 BETWEEN low_rank AND high_rank AND 
  d.status = 'active' AND d.certification = 'certified'
  AND d.is_service_open AND d.is_text_open AND d.is_on_duty
  AND d.current_consultation_count < d.place_limit

     AND d.department_id BETWEEN first_department AND last_department
     AND d.licence_valid_until >= today
     AND (d.duty_ends_at IS NULL OR d.duty_ends_at > moment)
     AND d.id <> ALL (excluded)
   ORDER BY d.load_key, d.last_assigned_at NULLS FIRST, d.id
) UNION ALL (
  SELECT d.id, d.user_id, d.current_consultation_count AS load, d.load_key, d.last_assigned_at,
          (d.current_consultation_count + 1) * 10000 / d.place_limit AS next_key
   FROM doctors_doctor AS d
   WHERE d.level_rank = 2 AND 2 BETWEEN low_rank AND high_rank AND 
  d.status = 'active' AND d.certification = 'certified'
  AND d.is_service_open AND d.is_text_open AND d.is_on_duty
  AND d.current_consultation_count < d.place_limit

     AND d.department_id BETWEEN first_department AND last_department
     AND d.licence_valid_until >= today
     AND (d.duty_ends_at IS NULL OR d.duty_ends_at > moment)
     AND d.id <> ALL (excluded)
   ORDER BY d.load_key, d.last_assigned_at NULLS FIRST, d.id
) UNION ALL (
  SELECT d.id, d.user_id, d.current_consultation_count AS load, d.load_key, d.last_assigned_at,
          (d.current_consultation_count + 1) * 10000 / d.place_limit AS next_key
   FROM doctors_doctor AS d
   WHERE d.level_rank = 3 AND 3 BETWEEN low_rank AND high_rank AND 
  d.status = 'active' AND d.certification = 'certified'
  AND d.is_service_open AND d.is_text_open AND d.is_on_duty
  AND d.current_consultation_count < d.place_limit

     AND d.department_id BETWEEN first_department AND last_department
     AND d.licence_valid_until >= today
     AND (d.duty_ends_at IS NULL OR d.duty_ends_at > moment)
     AND d.id <> ALL (excluded)
   ORDER BY d.load_key, d.last_assigned_at NULLS FIRST, d.id
) UNION ALL (
  SELECT d.id, d.user_id, d.current_consultation_count AS load, d.load_key, d.last_assigned_at,
          (d.current_consultation_count + 1) * 10000 / d.place_limit AS next_key
   FROM doctors_doctor AS d
   WHERE d.level_rank = 4 AND 4 BETWEEN low_rank AND high_rank AND 
  d.status = 'active' AND d.certification = 'certified'
  AND d.is_service_open AND d.is_text_open AND d.is_on_duty
  AND d.current_consultation_count < d.place_limit

     AND d.department_id BETWEEN first_department AND last_department
     AND d.licence_valid_until >= today
     AND (d.duty_ends_at IS NULL OR d.duty_ends_at > moment)
     AND d.id <> ALL (excluded)
   ORDER BY d.load_key, d.last_assigned_at NULLS FIRST, d.id
)) AS free
          ORDER BY free.load_key, free.last_assigned_at NULLS FIRST, free.id;
      END IF;
      LOOP
        FETCH walk INTO seen;
        EXIT WHEN NOT FOUND;
        CONTINUE WHEN NOT EXISTS (
          SELECT 1 FROM doctors_doctorpresence AS p
          WHERE p.doctor_id = seen.id AND p.state = 'online' AND p.heartbeat_at > fresh_after
        ) OR NOT EXISTS (SELECT 1 FROM accounts_user AS u WHERE u.id = seen.user_id AND u.is_active);
        IF best_id IS NULL THEN
          best_id := seen.id;
          ceiling_key := CASE WHEN awaited IS NULL THEN seen.next_key ELSE seen.load_key END;
        END IF;
        EXIT WHEN seen.load_key > ceiling_key;
        -- Whoever waited for a row takes that one or lets go: a held row at the lowest load must be
        -- on its way up, or those who pass it over would run ahead.
        CONTINUE WHEN seen.id <> awaited;
        -- A load that changed since the walk began makes the rest of the walk old, too.
        IF NOT EXISTS (
          SELECT 1 FROM doctors_doctor AS d
          WHERE d.id = seen.id AND d.current_consultation_count = seen.load
        ) THEN
          best_id := NULL;
          CLOSE walk;
          CONTINUE rounds;
        END IF;
        PERFORM 1 FROM doctors_doctor AS d
          WHERE d.id = seen.id AND d.current_consultation_count = seen.load AND 
  d.status = 'active' AND d.certification = 'certified'
  AND d.is_service_open AND d.is_text_open AND d.is_on_duty
  AND d.current_consultation_count < d.place_limit

          FOR NO KEY UPDATE SKIP LOCKED;
        IF FOUND THEN
          CLOSE walk;
          RETURN QUERY
            UPDATE doctors_doctor AS d
            SET current_consultation_count = d.current_consultation_count + 1,
                last_assigned_at = moment
            WHERE d.id = seen.id
            RETURNING d.id, d.user_id, d.current_consultation_count::int, d.place_limit::int;
          RETURN;
        END IF;
      END LOOP;
      CLOSE walk;
      IF best_id IS NULL THEN
        RETURN;
      END IF;
      RAISE EXCEPTION USING ERRCODE = 'CL001', MESSAGE = 'everything good is held';
    EXCEPTION
      WHEN SQLSTATE 'CL001' THEN
        best_id := CASE WHEN awaited IS NULL THEN best_id END;
      WHEN lock_not_available THEN
        best_id := NULL;
    END;
  END LOOP;
END $$;


CREATE FUNCTION public.doctors_take_first_place(wishes jsonb, moment timestamp with time zone, fresh_after timestamp with time zone, today date) RETURNS TABLE(wish integer, new_load integer, place_limit integer, doctor_id bigint, name character varying, public_id uuid, user_id bigint, user_public_id uuid)
    LANGUAGE plpgsql ROWS 1
    AS $$
#variable_conflict use_column
DECLARE
  number int := -1;
  wanted record;
  taken record;

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
      
  SELECT d.id INTO best FROM doctors_doctor AS d, accounts_user AS u WHERE 
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

  ORDER BY d.load_key, d.last_assigned_at NULLS FIRST, d.id LIMIT 1
  FOR NO KEY UPDATE OF d SKIP LOCKED;
      IF best IS NULL THEN 
  SELECT d.id INTO best FROM doctors_doctor AS d, accounts_user AS u WHERE 
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

  ORDER BY d.load_key, d.last_assigned_at NULLS FIRST, d.id LIMIT 1
  FOR NO KEY UPDATE OF d; END IF;
      UPDATE doctors_doctor AS d
      SET current_consultation_count = d.current_consultation_count + 1, last_assigned_at = moment
      WHERE d.id = best
      RETURNING d.id AS doctor_id, d.current_consultation_count::int AS new_load,
        d.place_limit::int AS place_limit
      INTO taken;
    ELSIF wanted.doctor_id IS NULL THEN 
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
        AND d.is_service_open AND CASE WHEN COALESCE(wanted.by_phone, false) THEN d.is_phone_open ELSE d.is_text_open END AND d.licence_valid_until >= today
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
END $$;


CREATE FUNCTION public.payments_ledger_balanced() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  booking bigint;
  legs bigint;
  total numeric;
BEGIN
  IF TG_TABLE_NAME = 'payments_ledgertransaction' THEN
    booking := NEW.id;
  ELSE
    booking := NEW.transaction_id;
  END IF;
  SELECT count(*), COALESCE(sum(amount_fen), 0) INTO legs, total
    FROM payments_ledgerposting WHERE transaction_id = booking;
  IF legs < 2 OR total <> 0 THEN
    RAISE EXCEPTION 'booking % has % legs and the sum %', booking, legs, total
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_balanced';
  END IF;
  RETURN NULL;
END $$;


CREATE FUNCTION public.payments_ledger_post() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  NEW.sequence := NULL;
  NEW.balance_after_fen := NULL;
  UPDATE payments_ledgeraccount
     SET balance_fen = balance_fen + NEW.amount_fen, last_sequence = last_sequence + 1
   WHERE id = NEW.account_id AND balance_fen IS NOT NULL
  RETURNING last_sequence, balance_fen INTO NEW.sequence, NEW.balance_after_fen;
  RETURN NEW;
END $$;


CREATE FUNCTION public.payments_ledger_refuse() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' AND current_setting('clinic.may_truncate', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'the ledger is append-only'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_ARGV[0];
END $$;


CREATE FUNCTION public.pgtrigger_addendum_append_only_eb654() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
IF TG_OP = 'UPDATE' OR OLD.signed_at > now() - interval '15 years'
THEN RAISE EXCEPTION 'Cannot update or delete rows from records_recordaddendum';
END IF;
RETURN OLD;

                END;
            $$;


CREATE FUNCTION public.pgtrigger_append_only_2bfc4() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_append_only_35060() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_append_only_360a5() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_append_only_3b35d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_append_only_4f815() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_append_only_60368() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_assignment_end_is_final_93127() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_assignment_is_kept_325a9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_assignment_start_is_fixed_d9693() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_attempt_append_only_ac335() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_audit_append_only_697f7() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_call_is_kept_ddcec() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_care_is_fixed_5a5c6() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_care_is_kept_31d2e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_chat_moves_append_only_ab241() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_compensations_append_only_7e9e9() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_complaint_moves_c6fca() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE _is_valid_transition BOOLEAN;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    SELECT CONCAT(OLD."state", ':', NEW."state") = ANY('{:open,open:in_review,open:withdrawn,in_review:open,in_review:rejected,in_review:resolved,in_review:withdrawn,resolved:open,rejected:open}'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION 'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_complaint_notes_append_only_f9c00() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_complaint_steps_append_only_3db28() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_consent_texts_frozen_b873d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_consent_uses_append_only_618f7() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_consents_change_by_revoking_alone_8821a() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_consents_stay_dc133() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_consultation_moves_98248() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE _is_valid_transition BOOLEAN;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    SELECT CONCAT(OLD."state", ':', NEW."state") = ANY('{:draft,draft:cancelled,draft:pending_payment,pending_payment:cancelled,pending_payment:expired,pending_payment:refunded_closed,pending_payment:waiting_assignment,waiting_assignment:cancelled,waiting_assignment:refunded_closed,waiting_assignment:waiting_accept,waiting_accept:cancelled,waiting_accept:in_progress,waiting_accept:referred_offline,waiting_accept:refunded_closed,waiting_accept:waiting_assignment,in_progress:cancelled,in_progress:completed,in_progress:in_progress,in_progress:referred_offline,in_progress:refunded_closed,in_progress:waiting_assignment}'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION 'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_credential_steps_append_only_cf9b4() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_diagnosis_is_signed_dc918() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE owner records_medicalrecord%ROWTYPE;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
IF TG_OP <> 'INSERT' THEN
  SELECT * INTO owner FROM records_medicalrecord WHERE id = OLD.record_id FOR SHARE;
  IF owner.state = 'signed' AND (TG_OP = 'UPDATE' OR owner.signed_at > now() - interval '15 years')
  THEN RAISE EXCEPTION 'Cannot update or delete rows from records_recorddiagnosis once signed';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
END IF;
SELECT * INTO owner FROM records_medicalrecord WHERE id = NEW.record_id FOR SHARE;
IF owner.state = 'signed'
THEN RAISE EXCEPTION 'Cannot add rows to records_recorddiagnosis once signed';
END IF;
RETURN NEW;

                END;
            $$;


CREATE FUNCTION public.pgtrigger_doctor_is_there_0c382() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE works boolean;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
IF NEW.state NOT IN ('offered', 'held', 'pending', 'confirmed') THEN
  RETURN NEW;
END IF;
IF TG_OP = 'UPDATE' THEN
  IF OLD.state IN ('offered', 'held', 'pending', 'confirmed')
     AND OLD.doctor_id = NEW.doctor_id
     AND OLD.starts_at = NEW.starts_at AND OLD.ends_at = NEW.ends_at THEN
    RETURN NEW;
  END IF;
END IF;
SELECT status = 'active' INTO works FROM doctors_doctor WHERE id = NEW.doctor_id FOR KEY SHARE;
IF works AND NOT EXISTS (
  SELECT 1 FROM doctors_leave
  WHERE doctor_id = NEW.doctor_id AND cancelled_at IS NULL
    AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at
) THEN
  RETURN NEW;
END IF;
RAISE EXCEPTION 'the doctor is away'
  USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'doctor_is_there';

                END;
            $$;


CREATE FUNCTION public.pgtrigger_document_is_kept_d6528() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_document_moves_1554e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE _is_valid_transition BOOLEAN;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    SELECT CONCAT(OLD."state", ':', NEW."state") = ANY('{pending:approved,pending:rejected,pending:withdrawn,approved:rejected}'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION 'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_document_steps_append_only_5f9b0() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_emergency_is_written_once_435a3() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_emergency_stays_64b62() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_extra_place_ends_once_00097() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_extra_place_is_fixed_c817e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_extra_place_is_kept_d82db() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_follow_up_moves_14abd() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE _is_valid_transition BOOLEAN;
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    SELECT CONCAT(OLD."state", ':', NEW."state") = ANY('{planned:reminded,planned:cancelled,reminded:answered,reminded:missed,reminded:cancelled}'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION 'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_former_text_append_only_949ba() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE moving text[] := '{body,extra}'::text[];
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
IF TG_OP = 'DELETE' OR NEW.body <> '' OR NEW.extra IS NOT NULL
  OR (to_jsonb(NEW) - moving) IS DISTINCT FROM (to_jsonb(OLD) - moving)
  OR NOT EXISTS (SELECT FROM chat_message m WHERE m.id = OLD.message_id
    AND m.created_at < now() - interval '3 years')
THEN RAISE EXCEPTION 'Cannot update or delete rows from chat_messagerevision';
END IF;
RETURN NEW;

                END;
            $$;


CREATE FUNCTION public.pgtrigger_handling_end_is_final_14bb8() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_handling_start_is_fixed_f906f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_handling_stays_59c60() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_history_append_only_c0134() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_hold_end_is_final_75235() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_hold_is_kept_a3086() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_identity_append_only_ebb0e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_insert_insert_14aaf() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "relations_relationhistory" ("is_blocked_by_doctor", "is_blocked_by_patient", "is_followed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "takes_broadcasts") VALUES (NEW."is_blocked_by_doctor", NEW."is_blocked_by_patient", NEW."is_followed", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."source", NEW."takes_broadcasts"); RETURN NULL;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_insert_insert_3867c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "accounts_userhistory" ("anonymised_at", "created_at", "id", "is_active", "is_staff", "is_superuser", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (NEW."anonymised_at", NEW."created_at", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."public_id"); RETURN NULL;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_insert_insert_5d51e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "doctors_doctorhistory" ("branch_id", "certification", "department_id", "hospital", "is_phone_open", "is_service_open", "is_text_open", "level", "licence_valid_until", "max_consultations", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone_price_fen", "status", "text_price_fen") VALUES (NEW."branch_id", NEW."certification", NEW."department_id", NEW."hospital", NEW."is_phone_open", NEW."is_service_open", NEW."is_text_open", NEW."level", NEW."licence_valid_until", NEW."max_consultations", NEW."name", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."phone_price_fen", NEW."status", NEW."text_price_fen"); RETURN NULL;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_insert_insert_5f7dd() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "payments_pricehistory" ("amount_fen", "is_active", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") VALUES (NEW."amount_fen", NEW."is_active", NEW."note", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."valid_from", NEW."valid_until"); RETURN NULL;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_insert_insert_7a7c1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "reviews_reviewhistory" ("edited_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replied_at", "stars", "tags", "visibility") VALUES (NEW."edited_at", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."replied_at", NEW."stars", NEW."tags", NEW."visibility"); RETURN NULL;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_insert_insert_83f5c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "patients_visitpersonhistory" ("account_id", "birthday", "created_at", "gender", "height_cm", "id", "is_active", "is_default", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "real_name_at", "real_name_state", "real_name_until", "relation", "weight_kg") VALUES (NEW."account_id", NEW."birthday", NEW."created_at", NEW."gender", NEW."height_cm", NEW."id", NEW."is_active", NEW."is_default", _pgh_attach_context(), NOW(), 'insert', NEW."id", NEW."public_id", NEW."real_name_at", NEW."real_name_state", NEW."real_name_until", NEW."relation", NEW."weight_kg"); RETURN NULL;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_intake_append_only_36fb7() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_intake_before_acceptance_05c1a() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
PERFORM 1 FROM consultations_consultation
  WHERE id = NEW.consultation_id AND state IN ('draft', 'pending_payment', 'waiting_assignment', 'waiting_accept') FOR SHARE;
IF NOT FOUND THEN
  RAISE EXCEPTION 'intake_is_frozen: no more rows of % once the doctor began', TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = 'intake_is_frozen';
END IF;
RETURN NEW;

                END;
            $$;


CREATE FUNCTION public.pgtrigger_intake_file_append_only_51c88() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_intake_file_before_acceptance_ec3a6() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
PERFORM 1 FROM consultations_consultation
  WHERE id = NEW.consultation_id AND state IN ('draft', 'pending_payment', 'waiting_assignment', 'waiting_accept') FOR SHARE;
IF NOT FOUND THEN
  RAISE EXCEPTION 'intake_is_frozen: no more rows of % once the doctor began', TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = 'intake_is_frozen';
END IF;
RETURN NEW;

                END;
            $$;


CREATE FUNCTION public.pgtrigger_intake_file_of_one_case_58dea() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
PERFORM 1 FROM files_storedfile WHERE id = NEW.file_id FOR NO KEY UPDATE;
IF EXISTS (
  SELECT 1 FROM consultations_intakefile AS taken
  WHERE taken.file_id = NEW.file_id AND taken.consultation_id <> NEW.consultation_id
) THEN
  RAISE EXCEPTION 'intake_file_of_one_case: the file belongs to another case'
    USING ERRCODE = 'unique_violation', CONSTRAINT = 'intake_file_of_one_case';
END IF;
RETURN NEW;

                END;
            $$;


CREATE FUNCTION public.pgtrigger_leg_append_only_5b392() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_message_keeps_former_text_ecb8d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                DECLARE moving text[] := '{body,extra,rev,edited_at,recalled_at,changed_by_id,recall_reason}'::text[];
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
IF TG_OP = 'DELETE'
  OR (to_jsonb(NEW) - moving) IS DISTINCT FROM (to_jsonb(OLD) - moving)
  OR OLD.recalled_at IS NOT NULL OR OLD.kind = 'system' OR NEW.rev <= OLD.rev
  OR (NEW.recalled_at IS NULL AND (OLD.kind <> 'text' OR NEW.edited_at IS NULL
    OR NEW.extra IS DISTINCT FROM OLD.extra OR NEW.recall_reason <> ''))
  OR (NEW.recalled_at IS NOT NULL AND NEW.edited_at IS DISTINCT FROM OLD.edited_at)
THEN RAISE EXCEPTION 'Cannot update or delete rows from chat_message beside edit and recall';
END IF;
INSERT INTO chat_messagerevision (message_id, rev, replaced_rev, replaced_at, replaced_by_id,
  is_recall, reason, body, extra)
VALUES (OLD.id, OLD.rev, NEW.rev, COALESCE(NEW.recalled_at, NEW.edited_at), NEW.changed_by_id,
  NEW.recalled_at IS NOT NULL, NEW.recall_reason, OLD.body, OLD.extra);
RETURN NEW;

                END;
            $$;


CREATE FUNCTION public.pgtrigger_notes_append_only_e9a52() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_nudge_append_only_e08a8() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_order_has_a_person_b64f0() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
PERFORM 1 FROM accounts_user WHERE id = NEW.payer_id AND anonymised_at IS NULL FOR KEY SHARE;
IF NOT FOUND THEN
  RAISE EXCEPTION 'The payer has no person any more'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'order_has_a_person';
END IF;
RETURN NEW;

                END;
            $$;


CREATE FUNCTION public.pgtrigger_person_is_there_ab86f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
PERFORM 1 FROM patients_visitperson WHERE id = NEW.person_id AND is_active FOR KEY SHARE;
IF NOT FOUND THEN
  RAISE EXCEPTION 'the visit person was removed'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'person_is_there';
END IF;
RETURN NEW;

                END;
            $$;


CREATE FUNCTION public.pgtrigger_quality_points_are_fixed_b3f41() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_quality_points_are_kept_3ec2d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_quality_revoked_once_691c3() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_raised_flag_append_only_cafe2() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_raised_flag_before_acceptance_908da() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
PERFORM 1 FROM consultations_consultation
  WHERE id = NEW.consultation_id AND state IN ('draft', 'pending_payment', 'waiting_assignment', 'waiting_accept') FOR SHARE;
IF NOT FOUND THEN
  RAISE EXCEPTION 'intake_is_frozen: no more rows of % once the doctor began', TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = 'intake_is_frozen';
END IF;
RETURN NEW;

                END;
            $$;


CREATE FUNCTION public.pgtrigger_real_name_checks_stay_25e76() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_real_name_results_stay_1171d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_receipts_append_only_c8523() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_record_is_signed_97a32() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
IF OLD.state = 'signed' AND (TG_OP = 'UPDATE' OR OLD.signed_at > now() - interval '15 years')
THEN RAISE EXCEPTION 'Cannot update or delete rows from records_medicalrecord once signed';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;

                END;
            $$;


CREATE FUNCTION public.pgtrigger_revisit_check_append_only_13bda() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_sanction_ends_once_8fc79() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_sanction_is_fixed_8360f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_sanction_is_kept_0145b() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_signed_case_is_a_revisit_de853() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
IF NEW.subject_kind <> 'consultation' OR NEW.state <> 'signed'
  OR (TG_OP = 'UPDATE' AND OLD.state = 'signed')
THEN RETURN NEW;
END IF;
PERFORM 1 FROM consultations_consultation
  WHERE public_id = NEW.subject_public_id FOR SHARE;
IF NOT EXISTS (
  SELECT 1 FROM consultations_consultation c
  WHERE c.public_id = NEW.subject_public_id AND c.doctor_id = NEW.doctor_id
    AND (c.state = 'referred_offline' OR (
      SELECT said.fits FROM consultations_revisitcheck said
      WHERE said.consultation_id = c.id AND said.doctor_id = c.doctor_id
      ORDER BY said.id DESC LIMIT 1
    ))
) THEN
  RAISE EXCEPTION 'signed_case_is_a_revisit: its doctor has not confirmed the re-visit'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'signed_case_is_a_revisit';
END IF;
RETURN NEW;

                END;
            $$;


CREATE FUNCTION public.pgtrigger_status_log_append_only_0fb10() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_steps_append_only_e1ecc() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_transfer_end_is_final_59258() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_transfer_is_kept_570ab() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_update_update_0e890() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "accounts_userhistory" ("anonymised_at", "created_at", "id", "is_active", "is_staff", "is_superuser", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (NEW."anonymised_at", NEW."created_at", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."public_id"); RETURN NULL;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_update_update_0f7a4() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "relations_relationhistory" ("is_blocked_by_doctor", "is_blocked_by_patient", "is_followed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "takes_broadcasts") VALUES (NEW."is_blocked_by_doctor", NEW."is_blocked_by_patient", NEW."is_followed", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."source", NEW."takes_broadcasts"); RETURN NULL;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_update_update_3aefa() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "doctors_doctorhistory" ("branch_id", "certification", "department_id", "hospital", "is_phone_open", "is_service_open", "is_text_open", "level", "licence_valid_until", "max_consultations", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone_price_fen", "status", "text_price_fen") VALUES (NEW."branch_id", NEW."certification", NEW."department_id", NEW."hospital", NEW."is_phone_open", NEW."is_service_open", NEW."is_text_open", NEW."level", NEW."licence_valid_until", NEW."max_consultations", NEW."name", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."phone_price_fen", NEW."status", NEW."text_price_fen"); RETURN NULL;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_update_update_76b45() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "patients_visitpersonhistory" ("account_id", "birthday", "created_at", "gender", "height_cm", "id", "is_active", "is_default", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "real_name_at", "real_name_state", "real_name_until", "relation", "weight_kg") VALUES (NEW."account_id", NEW."birthday", NEW."created_at", NEW."gender", NEW."height_cm", NEW."id", NEW."is_active", NEW."is_default", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."public_id", NEW."real_name_at", NEW."real_name_state", NEW."real_name_until", NEW."relation", NEW."weight_kg"); RETURN NULL;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_update_update_b34c8() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "reviews_reviewhistory" ("edited_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "replied_at", "stars", "tags", "visibility") VALUES (NEW."edited_at", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."replied_at", NEW."stars", NEW."tags", NEW."visibility"); RETURN NULL;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_update_update_dc1bc() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    INSERT INTO "payments_pricehistory" ("amount_fen", "is_active", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_until") VALUES (NEW."amount_fen", NEW."is_active", NEW."note", _pgh_attach_context(), NOW(), 'update', NEW."id", NEW."valid_from", NEW."valid_until"); RETURN NULL;
                END;
            $$;


CREATE FUNCTION public.pgtrigger_verified_name_changes_unverified_635df() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;
                END;
            $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.accounts_devicesession (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    device character varying(120) NOT NULL,
    refresh_number integer NOT NULL,
    refresh_hash character varying(64) NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    revoked_why character varying(40) NOT NULL,
    user_id bigint NOT NULL,
    second_factor_at timestamp with time zone,
    CONSTRAINT accounts_devicesession_refresh_number_check CHECK ((refresh_number >= 0)),
    CONSTRAINT revoked_session_says_why CHECK ((((revoked_at IS NULL) AND ((revoked_why)::text = ''::text)) OR ((revoked_at IS NOT NULL) AND (NOT ((revoked_why)::text = ''::text)))))
);


ALTER TABLE public.accounts_devicesession ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_devicesession_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.accounts_onetimecode (
    id bigint NOT NULL,
    phone_index character varying(64) NOT NULL,
    purpose character varying(20) NOT NULL,
    code_hash character varying(64) NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    tries smallint NOT NULL,
    used_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT accounts_onetimecode_tries_check CHECK ((tries >= 0))
);


ALTER TABLE public.accounts_onetimecode ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_onetimecode_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.accounts_recoverycode (
    id bigint NOT NULL,
    code_hash character varying(64) NOT NULL,
    used_at timestamp with time zone,
    factor_id bigint NOT NULL
);


ALTER TABLE public.accounts_recoverycode ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_recoverycode_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.accounts_secondfactor (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    secret_sealed character varying(200) NOT NULL,
    next_secret_sealed character varying(200) NOT NULL,
    last_step bigint NOT NULL,
    confirmed_at timestamp with time zone,
    user_id bigint NOT NULL,
    CONSTRAINT confirmed_factor_has_secret CHECK ((((confirmed_at IS NULL) AND ((secret_sealed)::text = ''::text)) OR ((confirmed_at IS NOT NULL) AND (NOT ((secret_sealed)::text = ''::text)))))
);


ALTER TABLE public.accounts_secondfactor ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_secondfactor_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.accounts_user (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    phone character varying(20),
    name character varying(60) NOT NULL,
    language character varying(10) NOT NULL,
    is_active boolean NOT NULL,
    is_staff boolean NOT NULL,
    anonymised_at timestamp with time zone,
    second_factor_at timestamp with time zone,
    CONSTRAINT anonymised_has_no_phone CHECK (((anonymised_at IS NULL) OR ((NOT is_active) AND (phone IS NULL))))
);


CREATE TABLE public.accounts_user_groups (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    group_id integer NOT NULL
);


ALTER TABLE public.accounts_user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


ALTER TABLE public.accounts_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.accounts_user_user_permissions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    permission_id integer NOT NULL
);


ALTER TABLE public.accounts_user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_user_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.accounts_userhistory (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    is_superuser boolean NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    language character varying(10) NOT NULL,
    is_active boolean NOT NULL,
    is_staff boolean NOT NULL,
    anonymised_at timestamp with time zone,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);


ALTER TABLE public.accounts_userhistory ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.accounts_userhistory_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.appointments_appointment (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    code character varying(6) NOT NULL,
    is_code_taken boolean NOT NULL,
    is_doctor_chosen boolean NOT NULL,
    source character varying(15) NOT NULL,
    state character varying(15) NOT NULL,
    state_since timestamp with time zone NOT NULL,
    starts_at timestamp with time zone,
    ends_at timestamp with time zone,
    busy_from timestamp with time zone,
    busy_until timestamp with time zone,
    seats int4range,
    requirements character varying(500) NOT NULL,
    wanted_from timestamp with time zone,
    wanted_until timestamp with time zone,
    queued_at timestamp with time zone,
    waits_until timestamp with time zone,
    priority smallint NOT NULL,
    expires_at timestamp with time zone,
    price_fen integer NOT NULL,
    checked_in_at timestamp with time zone,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    ended_at timestamp with time zone,
    cancelled_by character varying(10) NOT NULL,
    cancel_reason character varying(200) NOT NULL,
    moves smallint NOT NULL,
    hops smallint NOT NULL,
    sequence integer NOT NULL,
    branch_id bigint,
    doctor_id bigint,
    order_id bigint,
    patient_id bigint NOT NULL,
    person_id bigint NOT NULL,
    wanted_doctor_id bigint,
    kind_id bigint NOT NULL,
    CONSTRAINT appointment_ends_after_start CHECK (((starts_at IS NULL) OR ((busy_from <= starts_at) AND (busy_until >= ends_at) AND (ends_at > starts_at)))),
    CONSTRAINT appointment_price_is_sane CHECK ((price_fen <= 100000000)),
    CONSTRAINT appointments_appointment_hops_check CHECK ((hops >= 0)),
    CONSTRAINT appointments_appointment_moves_check CHECK ((moves >= 0)),
    CONSTRAINT appointments_appointment_price_fen_check CHECK ((price_fen >= 0)),
    CONSTRAINT appointments_appointment_priority_check CHECK ((priority >= 0)),
    CONSTRAINT appointments_appointment_sequence_check CHECK ((sequence >= 0)),
    CONSTRAINT blocking_appointment_has_time CHECK (((NOT ((state)::text = ANY ((ARRAY['offered'::character varying, 'held'::character varying, 'pending'::character varying, 'confirmed'::character varying, 'in_progress'::character varying])::text[]))) OR ((busy_from IS NOT NULL) AND (busy_until IS NOT NULL) AND (doctor_id IS NOT NULL) AND (ends_at IS NOT NULL) AND (seats IS NOT NULL) AND (starts_at IS NOT NULL)))),
    CONSTRAINT cancelled_appointment_says_by_whom CHECK (((((state)::text = 'cancelled'::text) AND (NOT ((cancelled_by)::text = ''::text))) OR ((NOT ((state)::text = 'cancelled'::text)) AND ((cancelled_by)::text = ''::text)))),
    CONSTRAINT ended_appointment_says_when CHECK ((((ended_at IS NULL) AND ((state)::text = ANY ((ARRAY['queued'::character varying, 'offered'::character varying, 'held'::character varying, 'pending'::character varying, 'confirmed'::character varying, 'in_progress'::character varying])::text[]))) OR ((NOT ((state)::text = ANY ((ARRAY['queued'::character varying, 'offered'::character varying, 'held'::character varying, 'pending'::character varying, 'confirmed'::character varying, 'in_progress'::character varying])::text[]))) AND (ended_at IS NOT NULL)))),
    CONSTRAINT queued_appointment_has_end CHECK (((NOT ((state)::text = 'queued'::text)) OR ((expires_at IS NOT NULL) AND (waits_until IS NOT NULL)))),
    CONSTRAINT queued_appointment_has_wish CHECK (((NOT ((state)::text = 'queued'::text)) OR ((queued_at IS NOT NULL) AND (wanted_until > wanted_from)))),
    CONSTRAINT short_hold_has_end CHECK (((NOT ((state)::text = ANY ((ARRAY['offered'::character varying, 'held'::character varying])::text[]))) OR (expires_at IS NOT NULL)))
);


ALTER TABLE public.appointments_appointment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.appointments_appointment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.appointments_appointmentstep (
    id bigint NOT NULL,
    act character varying(20) NOT NULL,
    before character varying(15) NOT NULL,
    after character varying(15) NOT NULL,
    actor character varying(80) NOT NULL,
    note jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    appointment_id bigint NOT NULL
);


ALTER TABLE public.appointments_appointmentstep ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.appointments_appointmentstep_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.appointments_appointmenttype (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    code character varying(30) NOT NULL,
    name_zh character varying(60) NOT NULL,
    name_en character varying(60) NOT NULL,
    description_zh character varying(500) CONSTRAINT appointments_appointmenttype_description_not_null NOT NULL,
    mode character varying(10) NOT NULL,
    duration_minutes smallint NOT NULL,
    step_minutes smallint NOT NULL,
    buffer_before_minutes smallint NOT NULL,
    buffer_after_minutes smallint NOT NULL,
    capacity smallint NOT NULL,
    price_fen integer NOT NULL,
    min_notice interval NOT NULL,
    max_advance interval NOT NULL,
    free_cancel_before interval NOT NULL,
    needs_acceptance boolean NOT NULL,
    waiting_way character varying(10) NOT NULL,
    waiting_timeout interval NOT NULL,
    reminders integer[] NOT NULL,
    "position" smallint NOT NULL,
    is_active boolean NOT NULL,
    description_en character varying(500) NOT NULL,
    CONSTRAINT appointments_appointmenttype_buffer_after_minutes_check CHECK ((buffer_after_minutes >= 0)),
    CONSTRAINT appointments_appointmenttype_buffer_before_minutes_check CHECK ((buffer_before_minutes >= 0)),
    CONSTRAINT appointments_appointmenttype_capacity_check CHECK ((capacity >= 0)),
    CONSTRAINT appointments_appointmenttype_duration_minutes_check CHECK ((duration_minutes >= 0)),
    CONSTRAINT appointments_appointmenttype_position_check CHECK (("position" >= 0)),
    CONSTRAINT appointments_appointmenttype_price_fen_check CHECK ((price_fen >= 0)),
    CONSTRAINT appointments_appointmenttype_step_minutes_check CHECK ((step_minutes >= 0)),
    CONSTRAINT type_buffers_are_sane CHECK (((buffer_after_minutes <= 240) AND (buffer_before_minutes <= 240))),
    CONSTRAINT type_capacity_is_sane CHECK (((capacity >= 1) AND (capacity <= 200))),
    CONSTRAINT type_duration_is_sane CHECK (((duration_minutes >= 5) AND (duration_minutes <= 720))),
    CONSTRAINT type_notice_is_sane CHECK (((max_advance > '00:00:00'::interval) AND (min_notice >= '00:00:00'::interval))),
    CONSTRAINT type_price_is_sane CHECK ((price_fen <= 100000000)),
    CONSTRAINT type_reminders_are_few CHECK ((
CASE
    WHEN (reminders IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(reminders, 1), 0)
END <= 5)),
    CONSTRAINT type_step_is_sane CHECK (((step_minutes >= 5) AND (step_minutes <= 720))),
    CONSTRAINT type_waiting_timeout_is_sane CHECK ((waiting_timeout > '00:00:00'::interval))
);


CREATE TABLE public.appointments_appointmenttype_branches (
    id bigint NOT NULL,
    appointmenttype_id bigint CONSTRAINT appointments_appointmenttype_branch_appointmenttype_id_not_null NOT NULL,
    branch_id bigint NOT NULL
);


ALTER TABLE public.appointments_appointmenttype_branches ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.appointments_appointmenttype_branches_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.appointments_appointmenttype_doctors (
    id bigint NOT NULL,
    appointmenttype_id bigint CONSTRAINT appointments_appointmenttype_doctor_appointmenttype_id_not_null NOT NULL,
    doctor_id bigint NOT NULL
);


ALTER TABLE public.appointments_appointmenttype_doctors ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.appointments_appointmenttype_doctors_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


ALTER TABLE public.appointments_appointmenttype ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.appointments_appointmenttype_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.appointments_calendarfeed (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    secret_hash character varying(64) NOT NULL,
    revoked_at timestamp with time zone,
    read_at timestamp with time zone,
    doctor_id bigint NOT NULL
);


ALTER TABLE public.appointments_calendarfeed ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.appointments_calendarfeed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.appointments_calendarmove (
    id bigint NOT NULL,
    doctor_id bigint NOT NULL,
    made_by xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone DEFAULT statement_timestamp() NOT NULL
);


ALTER TABLE public.appointments_calendarmove ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.appointments_calendarmove_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.appointments_offer (
    id bigint NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    made_at timestamp with time zone NOT NULL,
    appointment_id bigint NOT NULL,
    doctor_id bigint NOT NULL
);


ALTER TABLE public.appointments_offer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.appointments_offer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.appointments_reminder (
    id bigint NOT NULL,
    before interval NOT NULL,
    due_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    failed_at timestamp with time zone,
    appointment_id bigint NOT NULL
);


ALTER TABLE public.appointments_reminder ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.appointments_reminder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);


ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);


ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);


ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.chat_conversation (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(20) NOT NULL,
    topic character varying(100) NOT NULL,
    writing character varying(10) NOT NULL,
    writing_until timestamp with time zone,
    last_seq integer NOT NULL,
    last_rev integer NOT NULL,
    changed_at timestamp with time zone,
    last_message_at timestamp with time zone,
    last_patient_message_at timestamp with time zone,
    last_doctor_message_at timestamp with time zone,
    last_sender_role character varying(10) NOT NULL,
    CONSTRAINT chat_conversation_last_rev_check CHECK ((last_rev >= 0)),
    CONSTRAINT chat_conversation_last_seq_check CHECK ((last_seq >= 0)),
    CONSTRAINT limited_writing_has_end CHECK (((((writing)::text = 'limited'::text) AND (writing_until IS NOT NULL)) OR ((NOT ((writing)::text = 'limited'::text)) AND (writing_until IS NULL))))
);


ALTER TABLE public.chat_conversation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.chat_conversation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.chat_member (
    id bigint NOT NULL,
    role character varying(10) NOT NULL,
    display_name character varying(50) NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    left_seq integer,
    left_rev integer,
    delivered_seq integer NOT NULL,
    read_seq integer NOT NULL,
    sent_count integer NOT NULL,
    writes_left integer,
    conversation_id bigint NOT NULL,
    user_id bigint NOT NULL,
    CONSTRAINT chat_member_delivered_seq_check CHECK ((delivered_seq >= 0)),
    CONSTRAINT chat_member_left_rev_check CHECK ((left_rev >= 0)),
    CONSTRAINT chat_member_left_seq_check CHECK ((left_seq >= 0)),
    CONSTRAINT chat_member_read_seq_check CHECK ((read_seq >= 0)),
    CONSTRAINT chat_member_sent_count_check CHECK ((sent_count >= 0)),
    CONSTRAINT chat_member_writes_left_check CHECK ((writes_left >= 0)),
    CONSTRAINT left_at_number_and_revision CHECK ((((left_rev IS NULL) AND (left_seq IS NULL)) OR ((left_rev IS NOT NULL) AND (left_seq IS NOT NULL)))),
    CONSTRAINT read_within_delivered CHECK ((read_seq <= delivered_seq))
);


ALTER TABLE public.chat_member ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.chat_member_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.chat_message (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seq integer NOT NULL,
    rev integer NOT NULL,
    role character varying(10) NOT NULL,
    client_id character varying(64) NOT NULL,
    kind character varying(10) NOT NULL,
    body text NOT NULL,
    extra jsonb,
    code character varying(40) NOT NULL,
    params jsonb,
    edited_at timestamp with time zone,
    recalled_at timestamp with time zone,
    recall_reason character varying(200) DEFAULT ''::character varying NOT NULL,
    attachment_id bigint,
    changed_by_id bigint,
    conversation_id bigint NOT NULL,
    sender_id bigint,
    CONSTRAINT chat_message_rev_check CHECK ((rev >= 0)),
    CONSTRAINT chat_message_seq_check CHECK ((seq >= 0)),
    CONSTRAINT kind_fits_attachment CHECK ((((attachment_id IS NULL) AND (NOT ((kind)::text = ANY ((ARRAY['voice'::character varying, 'file'::character varying])::text[])))) OR ((attachment_id IS NOT NULL) AND ((kind)::text = ANY ((ARRAY['image'::character varying, 'voice'::character varying, 'file'::character varying])::text[]))))),
    CONSTRAINT only_system_has_no_sender CHECK (((((kind)::text = 'system'::text) AND (sender_id IS NULL)) OR ((NOT ((kind)::text = 'system'::text)) AND (sender_id IS NOT NULL) AND (NOT ((client_id)::text = ''::text))))),
    CONSTRAINT recalled_message_is_empty CHECK (((recalled_at IS NULL) OR ((body = ''::text) AND (extra = 'null'::jsonb))))
);


ALTER TABLE public.chat_message ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.chat_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.chat_messagerevision (
    id bigint NOT NULL,
    rev integer NOT NULL,
    replaced_rev integer NOT NULL,
    replaced_at timestamp with time zone NOT NULL,
    is_recall boolean NOT NULL,
    reason character varying(200) NOT NULL,
    body text NOT NULL,
    extra jsonb,
    message_id bigint NOT NULL,
    replaced_by_id bigint,
    CONSTRAINT chat_messagerevision_replaced_rev_check CHECK ((replaced_rev >= 0)),
    CONSTRAINT chat_messagerevision_rev_check CHECK ((rev >= 0))
);


ALTER TABLE public.chat_messagerevision ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.chat_messagerevision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.chat_messagewords (
    message_id bigint NOT NULL,
    rev integer NOT NULL,
    words tsvector NOT NULL,
    conversation_id bigint NOT NULL,
    CONSTRAINT chat_messagewords_rev_check CHECK ((rev >= 0))
);


CREATE TABLE public.chat_pace (
    user_id bigint NOT NULL,
    window_start timestamp with time zone NOT NULL,
    used integer NOT NULL,
    CONSTRAINT chat_pace_used_check CHECK ((used >= 0))
);


CREATE TABLE public.chat_watermarkmove (
    id bigint NOT NULL,
    delivered_seq integer NOT NULL,
    read_seq integer NOT NULL,
    at timestamp with time zone NOT NULL,
    member_id bigint NOT NULL,
    CONSTRAINT chat_watermarkmove_delivered_seq_check CHECK ((delivered_seq >= 0)),
    CONSTRAINT chat_watermarkmove_read_seq_check CHECK ((read_seq >= 0))
);


ALTER TABLE public.chat_watermarkmove ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.chat_watermarkmove_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.chat_wordsmark (
    conversation_id bigint NOT NULL,
    rev integer NOT NULL,
    CONSTRAINT chat_wordsmark_rev_check CHECK ((rev >= 0))
);


CREATE TABLE public.complaints_compensation (
    id bigint NOT NULL,
    round smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    complaint_id bigint NOT NULL,
    request_id bigint NOT NULL,
    CONSTRAINT compensation_of_a_round CHECK (((round >= 1) AND (round <= 2))),
    CONSTRAINT complaints_compensation_round_check CHECK ((round >= 0))
);


ALTER TABLE public.complaints_compensation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.complaints_compensation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.complaints_complaint (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    source character varying(10) NOT NULL,
    subject character varying(20) NOT NULL,
    subject_public_id uuid NOT NULL,
    kind character varying(20) NOT NULL,
    text text NOT NULL,
    state character varying(10) NOT NULL,
    state_since timestamp with time zone NOT NULL,
    round smallint NOT NULL,
    answer_by timestamp with time zone,
    answered_at timestamp with time zone,
    close_by timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    decided_at timestamp with time zone,
    accepted_at timestamp with time zone,
    about_user_id bigint,
    doctor_id bigint,
    former_handler_id bigint,
    handler_id bigint,
    patient_id bigint NOT NULL,
    CONSTRAINT accepted_complaint_is_decided CHECK (((accepted_at IS NULL) OR ((state)::text = ANY ((ARRAY['resolved'::character varying, 'rejected'::character varying])::text[])))),
    CONSTRAINT complaint_in_review_has_handler CHECK (((NOT ((state)::text = 'in_review'::text)) OR (handler_id IS NOT NULL))),
    CONSTRAINT complaint_is_appealed_once CHECK (((round >= 1) AND (round <= 2))),
    CONSTRAINT complaints_complaint_round_check CHECK ((round >= 0)),
    CONSTRAINT decided_complaint_has_outcome CHECK (((NOT ((state)::text = ANY ((ARRAY['resolved'::character varying, 'rejected'::character varying])::text[]))) OR ((decided_at IS NOT NULL) AND (handler_id IS NOT NULL) AND (NOT (outcome = ''::text))))),
    CONSTRAINT nobody_judges_himself CHECK (((handler_id IS NULL) OR (about_user_id IS NULL) OR (NOT ((handler_id = about_user_id) AND (handler_id IS NOT NULL) AND (about_user_id IS NOT NULL))))),
    CONSTRAINT open_complaint_is_free CHECK (((NOT ((state)::text = 'open'::text)) OR (handler_id IS NULL)))
);


ALTER TABLE public.complaints_complaint ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.complaints_complaint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.complaints_complaintalert (
    id bigint NOT NULL,
    round smallint NOT NULL,
    deadline character varying(10) NOT NULL,
    told character varying(10) NOT NULL,
    at timestamp with time zone NOT NULL,
    complaint_id bigint NOT NULL,
    CONSTRAINT complaints_complaintalert_round_check CHECK ((round >= 0))
);


ALTER TABLE public.complaints_complaintalert ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.complaints_complaintalert_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.complaints_complaintfile (
    id bigint NOT NULL,
    complaint_id bigint NOT NULL,
    file_id bigint NOT NULL,
    note_id bigint
);


ALTER TABLE public.complaints_complaintfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.complaints_complaintfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.complaints_complaintnote (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    side character varying(10) NOT NULL,
    for_patient boolean NOT NULL,
    text text NOT NULL,
    author_id bigint NOT NULL,
    complaint_id bigint NOT NULL,
    for_doctor boolean DEFAULT false NOT NULL,
    doctor_id bigint,
    CONSTRAINT doctors_words_are_for_staff CHECK ((NOT (for_patient AND ((side)::text = 'doctor'::text)))),
    CONSTRAINT questions_to_doctors_are_staffs CHECK (((NOT for_doctor) OR ((NOT for_patient) AND ((side)::text = 'staff'::text))))
);


ALTER TABLE public.complaints_complaintnote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.complaints_complaintnote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.complaints_complaintstep (
    id bigint NOT NULL,
    act character varying(10) NOT NULL,
    before character varying(10) NOT NULL,
    after character varying(10) NOT NULL,
    actor character varying(80) NOT NULL,
    at timestamp with time zone NOT NULL,
    complaint_id bigint NOT NULL,
    doctor_id bigint,
    CONSTRAINT directed_complaint_names_a_doctor CHECK (((((act)::text = 'directed'::text) AND (doctor_id IS NOT NULL)) OR ((NOT ((act)::text = 'directed'::text)) AND (doctor_id IS NULL))))
);


ALTER TABLE public.complaints_complaintstep ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.complaints_complaintstep_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.complaints_qualityentry (
    id bigint NOT NULL,
    points smallint NOT NULL,
    reason character varying(200) NOT NULL,
    at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    complaint_id bigint NOT NULL,
    doctor_id bigint NOT NULL,
    given_by_id bigint NOT NULL,
    CONSTRAINT complaints_qualityentry_points_check CHECK ((points >= 0)),
    CONSTRAINT quality_points_have_a_reason CHECK ((NOT ((reason)::text = ''::text))),
    CONSTRAINT quality_points_in_range CHECK (((points >= 1) AND (points <= 12)))
);


ALTER TABLE public.complaints_qualityentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.complaints_qualityentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.complaints_sanction (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(10) NOT NULL,
    reason character varying(200) NOT NULL,
    until timestamp with time zone,
    was_open boolean NOT NULL,
    ended_at timestamp with time zone,
    doctor_id bigint NOT NULL,
    given_by_id bigint NOT NULL,
    lifted_by_id bigint,
    CONSTRAINT lifted_sanction_is_over CHECK (((lifted_by_id IS NULL) OR (ended_at IS NOT NULL))),
    CONSTRAINT stop_has_an_end CHECK (((((kind)::text = 'warning'::text) AND (until IS NULL)) OR (((kind)::text = 'stop'::text) AND (until > created_at))))
);


ALTER TABLE public.complaints_sanction ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.complaints_sanction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_assignment (
    id bigint NOT NULL,
    how character varying(20) NOT NULL,
    strategy character varying(40) NOT NULL,
    step character varying(40) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_why character varying(40) NOT NULL,
    doctor_id bigint NOT NULL,
    consultation_id bigint NOT NULL,
    CONSTRAINT assignment_ends_with_a_reason CHECK ((((ended_at IS NULL) AND ((ended_why)::text = ''::text)) OR ((ended_at >= started_at) AND (NOT ((ended_why)::text = ''::text)))))
);


ALTER TABLE public.consultations_assignment ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_assignment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_assignmentattempt (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    trigger character varying(20) NOT NULL,
    strategy character varying(40) NOT NULL,
    outcome character varying(20) NOT NULL,
    reason character varying(40) NOT NULL,
    doctor_id bigint,
    consultation_id bigint NOT NULL
);


ALTER TABLE public.consultations_assignmentattempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_assignmentattempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_callleg (
    id bigint NOT NULL,
    provider_call character varying(100) NOT NULL,
    by character varying(10) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    ended_at timestamp with time zone NOT NULL,
    cause integer NOT NULL,
    recording_ref character varying(500) NOT NULL,
    reported_at timestamp with time zone NOT NULL,
    call_id bigint NOT NULL,
    CONSTRAINT leg_ends_after_its_answer CHECK (((answered_at IS NULL) OR (ended_at >= answered_at)))
);


ALTER TABLE public.consultations_callleg ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_callleg_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_consultation (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(20) NOT NULL,
    is_instant boolean NOT NULL,
    wanted_level character varying(20) NOT NULL,
    complaint text NOT NULL,
    intake_source character varying(20) NOT NULL,
    has_red_flags boolean NOT NULL,
    state character varying(20) NOT NULL,
    state_since timestamp with time zone NOT NULL,
    hops smallint NOT NULL,
    escalation smallint NOT NULL,
    staff_task character varying(20) NOT NULL,
    tried_at timestamp with time zone,
    paid_at timestamp with time zone,
    accepted_at timestamp with time zone,
    ended_at timestamp with time zone,
    pay_by timestamp with time zone,
    assign_by timestamp with time zone,
    accept_by timestamp with time zone,
    service_until timestamp with time zone,
    unanswered_since timestamp with time zone,
    reply_due_at timestamp with time zone,
    held_since timestamp with time zone,
    held_until timestamp with time zone,
    follow_up_until timestamp with time zone,
    conversation_id bigint,
    department_id bigint,
    doctor_id bigint,
    order_id bigint,
    patient_id bigint NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT assigned_consultation_has_a_deadline CHECK (((NOT ((state)::text = 'waiting_accept'::text)) OR (accept_by IS NOT NULL))),
    CONSTRAINT consultations_consultation_escalation_check CHECK ((escalation >= 0)),
    CONSTRAINT consultations_consultation_hops_check CHECK ((hops >= 0)),
    CONSTRAINT instant_is_fast CHECK (((NOT is_instant) OR ((kind)::text = 'text_fast'::text))),
    CONSTRAINT only_running_consultation_is_held CHECK ((((held_since IS NULL) AND (held_until IS NULL)) OR ((held_until > held_since) AND ((state)::text = 'in_progress'::text)))),
    CONSTRAINT running_consultation_has_a_deadline CHECK (((NOT ((state)::text = 'in_progress'::text)) OR (service_until IS NOT NULL))),
    CONSTRAINT served_consultation_has_a_doctor CHECK (((NOT ((state)::text = ANY ((ARRAY['waiting_accept'::character varying, 'in_progress'::character varying, 'completed'::character varying, 'referred_offline'::character varying])::text[]))) OR (doctor_id IS NOT NULL))),
    CONSTRAINT served_consultation_is_paid CHECK (((NOT ((state)::text = ANY ((ARRAY['waiting_assignment'::character varying, 'waiting_accept'::character varying, 'in_progress'::character varying, 'completed'::character varying])::text[]))) OR (paid_at IS NOT NULL))),
    CONSTRAINT unpaid_consultation_has_a_deadline CHECK (((NOT ((state)::text = 'pending_payment'::text)) OR (pay_by IS NOT NULL))),
    CONSTRAINT waiting_consultation_has_a_deadline CHECK (((NOT ((state)::text = 'waiting_assignment'::text)) OR (assign_by IS NOT NULL)))
);


ALTER TABLE public.consultations_consultation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_consultation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_consultationevent (
    id bigint NOT NULL,
    from_state character varying(20) NOT NULL,
    to_state character varying(20) NOT NULL,
    actor character varying(80) NOT NULL,
    reason character varying(40) NOT NULL,
    at timestamp with time zone NOT NULL,
    consultation_id bigint NOT NULL
);


ALTER TABLE public.consultations_consultationevent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_consultationevent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_doctorpush (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    at timestamp with time zone NOT NULL,
    told_at timestamp with time zone,
    consultation_id bigint NOT NULL,
    doctor_id bigint NOT NULL
);


ALTER TABLE public.consultations_doctorpush ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_doctorpush_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_extraplace (
    id bigint NOT NULL,
    "limit" smallint NOT NULL,
    own_limit smallint,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    consultation_id bigint NOT NULL,
    doctor_id bigint NOT NULL,
    CONSTRAINT consultations_extraplace_limit_check CHECK (("limit" >= 0)),
    CONSTRAINT consultations_extraplace_own_limit_check CHECK ((own_limit >= 0)),
    CONSTRAINT extra_place_is_beyond_the_limit CHECK (((own_limit IS NULL) OR (own_limit < "limit")))
);


ALTER TABLE public.consultations_extraplace ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_extraplace_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_followup (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    text text NOT NULL,
    state character varying(12) NOT NULL,
    reminded_at timestamp with time zone,
    ended_at timestamp with time zone,
    consultation_id bigint NOT NULL,
    CONSTRAINT follow_up_moments_fit_its_state CHECK ((((ended_at IS NULL) AND (reminded_at IS NULL) AND ((state)::text = 'planned'::text)) OR ((ended_at IS NULL) AND (reminded_at IS NOT NULL) AND ((state)::text = 'reminded'::text)) OR (((state)::text = ANY ((ARRAY['answered'::character varying, 'missed'::character varying])::text[])) AND (ended_at IS NOT NULL) AND (reminded_at IS NOT NULL)) OR ((ended_at IS NOT NULL) AND ((state)::text = 'cancelled'::text))))
);


ALTER TABLE public.consultations_followup ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_followup_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_hold (
    id bigint NOT NULL,
    by character varying(10) NOT NULL,
    reason character varying(20) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_why character varying(12) NOT NULL,
    consultation_id bigint NOT NULL,
    CONSTRAINT hold_ends_with_a_reason CHECK ((((ended_at IS NULL) AND ((ended_why)::text = ''::text)) OR ((ended_at >= started_at) AND (NOT ((ended_why)::text = ''::text))))),
    CONSTRAINT hold_has_time CHECK ((until > started_at))
);


ALTER TABLE public.consultations_hold ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_hold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_intakefile (
    id bigint NOT NULL,
    use character varying(10) NOT NULL,
    "position" smallint NOT NULL,
    consultation_id bigint NOT NULL,
    file_id bigint NOT NULL,
    sheet_id bigint NOT NULL,
    CONSTRAINT consultations_intakefile_position_check CHECK (("position" >= 0))
);


ALTER TABLE public.consultations_intakefile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_intakefile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_intakesheet (
    id bigint NOT NULL,
    version smallint NOT NULL,
    source character varying(20) NOT NULL,
    given_at timestamp with time zone NOT NULL,
    complaint text NOT NULL,
    duration_value smallint,
    duration_unit character varying(10) NOT NULL,
    allergy character varying(10) NOT NULL,
    allergies text NOT NULL,
    pregnancy character varying(20) NOT NULL,
    drugs text NOT NULL,
    ten_questions jsonb NOT NULL,
    height_cm numeric(4,1),
    weight_kg numeric(5,2),
    earlier_diagnosis text NOT NULL,
    guardian_name character varying(60) NOT NULL,
    guardian_relation character varying(30) NOT NULL,
    consultation_id bigint NOT NULL,
    earlier_record_id bigint,
    CONSTRAINT consultations_intakesheet_duration_value_check CHECK ((duration_value >= 0)),
    CONSTRAINT consultations_intakesheet_version_check CHECK ((version >= 0)),
    CONSTRAINT duration_has_its_unit CHECK (((((duration_unit)::text = ''::text) AND (duration_value IS NULL)) OR ((duration_value >= 1) AND (NOT ((duration_unit)::text = ''::text))))),
    CONSTRAINT intake_counts_from_one CHECK ((version >= 1)),
    CONSTRAINT known_allergies_are_named CHECK (((((allergy)::text = 'known'::text) AND (NOT (allergies = ''::text))) OR ((NOT ((allergy)::text = 'known'::text)) AND (allergies = ''::text))))
);


ALTER TABLE public.consultations_intakesheet ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_intakesheet_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_nudge (
    id bigint NOT NULL,
    number smallint NOT NULL,
    at timestamp with time zone NOT NULL,
    consultation_id bigint NOT NULL,
    doctor_id bigint,
    CONSTRAINT consultations_nudge_number_check CHECK ((number >= 0))
);


ALTER TABLE public.consultations_nudge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_nudge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_phonecall (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    try_number smallint NOT NULL,
    due_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    outcome character varying(20) NOT NULL,
    wants_recording boolean NOT NULL,
    recording_agreed_at timestamp with time zone,
    claimed_at timestamp with time zone,
    bound_at timestamp with time zone,
    window_until timestamp with time zone,
    provider_ref character varying(64) NOT NULL,
    relay_number character varying(30) NOT NULL,
    answered_at timestamp with time zone,
    ended_at timestamp with time zone,
    talk_seconds integer NOT NULL,
    consultation_id bigint NOT NULL,
    doctor_id bigint NOT NULL,
    CONSTRAINT bound_call_has_a_binding CHECK (((NOT ((state)::text = 'bound'::text)) OR ((NOT ((provider_ref)::text = ''::text)) AND (bound_at IS NOT NULL) AND (window_until IS NOT NULL)))),
    CONSTRAINT consultations_phonecall_talk_seconds_check CHECK ((talk_seconds >= 0)),
    CONSTRAINT consultations_phonecall_try_number_check CHECK ((try_number >= 0)),
    CONSTRAINT ended_call_has_an_outcome CHECK (((((state)::text = 'ended'::text) AND (NOT ((outcome)::text = ''::text)) AND (ended_at IS NOT NULL)) OR ((NOT ((state)::text = 'ended'::text)) AND (ended_at IS NULL) AND ((outcome)::text = ''::text))))
);


ALTER TABLE public.consultations_phonecall ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_phonecall_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_raisedflag (
    id bigint NOT NULL,
    word character varying(60) NOT NULL,
    advice text NOT NULL,
    consultation_id bigint NOT NULL,
    sheet_id bigint NOT NULL
);


ALTER TABLE public.consultations_raisedflag ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_raisedflag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_redflag (
    id bigint NOT NULL,
    word character varying(60) NOT NULL,
    language character varying(2) NOT NULL,
    advice text NOT NULL,
    below_months smallint,
    only_pregnant boolean NOT NULL,
    is_active boolean NOT NULL,
    CONSTRAINT consultations_redflag_below_months_check CHECK ((below_months >= 0)),
    CONSTRAINT flag_age_is_of_a_child CHECK (((below_months IS NULL) OR ((below_months >= 1) AND (below_months <= 216))))
);


ALTER TABLE public.consultations_redflag ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_redflag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_revisitcheck (
    id bigint NOT NULL,
    fits boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    consultation_id bigint NOT NULL,
    doctor_id bigint NOT NULL,
    sheet_id bigint
);


ALTER TABLE public.consultations_revisitcheck ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_revisitcheck_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_staffcare (
    id bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    consultation_id bigint NOT NULL,
    staff_id bigint NOT NULL,
    CONSTRAINT care_ends_after_it_began CHECK (((ended_at IS NULL) OR (ended_at >= started_at)))
);


ALTER TABLE public.consultations_staffcare ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_staffcare_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.consultations_transfer (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reason character varying(20) NOT NULL,
    note text NOT NULL,
    actor character varying(80) NOT NULL,
    state character varying(12) NOT NULL,
    decline_reason character varying(20) NOT NULL,
    answer_by timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    consultation_id bigint NOT NULL,
    from_doctor_id bigint NOT NULL,
    to_doctor_id bigint NOT NULL,
    CONSTRAINT transfer_ends_with_a_state CHECK ((((ended_at IS NULL) AND ((state)::text = 'offered'::text)) OR ((NOT ((state)::text = 'offered'::text)) AND (ended_at IS NOT NULL)))),
    CONSTRAINT transfer_to_another_doctor CHECK ((NOT (from_doctor_id = to_doctor_id)))
);


ALTER TABLE public.consultations_transfer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.consultations_transfer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.core_auditentry (
    id bigint NOT NULL,
    actor character varying(80) NOT NULL,
    verb character varying(60) NOT NULL,
    subject character varying(120) NOT NULL,
    patient uuid,
    note jsonb NOT NULL,
    request_id character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL
);


ALTER TABLE public.core_auditentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.core_auditentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.core_idempotencyrecord (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    operation character varying(200) NOT NULL,
    key character varying(255) NOT NULL,
    request_hash character varying(64) NOT NULL,
    status smallint,
    body jsonb,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT core_idempotencyrecord_status_check CHECK ((status >= 0))
);


ALTER TABLE public.core_idempotencyrecord ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.core_idempotencyrecord_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.core_jobrun (
    task character varying(120) NOT NULL,
    last_ended_at timestamp with time zone NOT NULL,
    last_ms integer,
    last_failed_at timestamp with time zone,
    last_error character varying(120) NOT NULL,
    runs bigint NOT NULL,
    failures bigint NOT NULL,
    CONSTRAINT core_jobrun_failures_check CHECK ((failures >= 0)),
    CONSTRAINT core_jobrun_last_ms_check CHECK ((last_ms >= 0)),
    CONSTRAINT core_jobrun_runs_check CHECK ((runs >= 0)),
    CONSTRAINT job_fails_when_it_runs CHECK ((failures <= runs))
);


CREATE TABLE public.core_outboxevent (
    id bigint NOT NULL,
    kind character varying(120) NOT NULL,
    payload jsonb NOT NULL,
    pending character varying(200)[] NOT NULL,
    attempts smallint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    next_at timestamp with time zone NOT NULL,
    last_error character varying(200) NOT NULL,
    CONSTRAINT core_outboxevent_attempts_check CHECK ((attempts >= 0))
);


ALTER TABLE public.core_outboxevent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.core_outboxevent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.core_ratecounter (
    key character varying(120) NOT NULL,
    window_start timestamp with time zone NOT NULL,
    count integer NOT NULL,
    CONSTRAINT core_ratecounter_count_check CHECK ((count >= 0))
);


CREATE TABLE public.customer_service_agent (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    nickname character varying(20) NOT NULL,
    is_active boolean NOT NULL,
    is_supervisor boolean NOT NULL,
    languages character varying(10)[] NOT NULL,
    max_chats smallint NOT NULL,
    status character varying(10) NOT NULL,
    status_since timestamp with time zone NOT NULL,
    heartbeat_at timestamp with time zone,
    last_assigned_at timestamp with time zone,
    user_id bigint NOT NULL,
    CONSTRAINT agent_on_duty_has_beaten CHECK ((((status)::text = 'offline'::text) OR (heartbeat_at IS NOT NULL))),
    CONSTRAINT agent_serves_1_to_50 CHECK (((max_chats >= 1) AND (max_chats <= 50))),
    CONSTRAINT customer_service_agent_max_chats_check CHECK ((max_chats >= 0)),
    CONSTRAINT inactive_agent_is_offline CHECK ((is_active OR ((status)::text = 'offline'::text)))
);


ALTER TABLE public.customer_service_agent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_agent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_agent_teams (
    id bigint NOT NULL,
    agent_id bigint NOT NULL,
    team_id bigint NOT NULL
);


ALTER TABLE public.customer_service_agent_teams ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_agent_teams_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_agentstatuschange (
    id bigint NOT NULL,
    before character varying(10) NOT NULL,
    after character varying(10) NOT NULL,
    cause character varying(20) NOT NULL,
    actor character varying(80) NOT NULL,
    at timestamp with time zone NOT NULL,
    agent_id bigint NOT NULL
);


ALTER TABLE public.customer_service_agentstatuschange ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_agentstatuschange_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_cannedreply (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    shortcut character varying(30) NOT NULL,
    title character varying(60) NOT NULL,
    text_zh text NOT NULL,
    text_en text NOT NULL,
    used_count integer NOT NULL,
    is_active boolean NOT NULL,
    owner_id bigint,
    team_id bigint,
    CONSTRAINT canned_reply_says_something CHECK ((NOT ((text_en = ''::text) AND (text_zh = ''::text)))),
    CONSTRAINT customer_service_cannedreply_used_count_check CHECK ((used_count >= 0))
);


ALTER TABLE public.customer_service_cannedreply ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_cannedreply_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_chatdraft (
    id bigint NOT NULL,
    mode character varying(10) NOT NULL,
    body text NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    agent_id bigint NOT NULL,
    chat_id bigint NOT NULL
);


ALTER TABLE public.customer_service_chatdraft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_chatdraft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_chatmove (
    id bigint NOT NULL,
    before character varying(10) NOT NULL,
    after character varying(10) NOT NULL,
    reason character varying(30) NOT NULL,
    remark character varying(200) NOT NULL,
    actor character varying(80) NOT NULL,
    at timestamp with time zone NOT NULL,
    agent_id bigint,
    chat_id bigint NOT NULL,
    team_id bigint NOT NULL
);


ALTER TABLE public.customer_service_chatmove ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_chatmove_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_handling (
    id bigint NOT NULL,
    how character varying(20) NOT NULL,
    actor character varying(80) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_why character varying(30) NOT NULL,
    agent_id bigint NOT NULL,
    chat_id bigint NOT NULL,
    team_id bigint NOT NULL,
    CONSTRAINT handling_ends_with_a_reason CHECK ((((ended_at IS NULL) AND ((ended_why)::text = ''::text)) OR ((ended_at >= started_at) AND (NOT ((ended_why)::text = ''::text)))))
);


ALTER TABLE public.customer_service_handling ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_handling_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_leftmessage (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    side character varying(10) NOT NULL,
    face character varying(10) NOT NULL,
    language character varying(10) NOT NULL,
    body text NOT NULL,
    state character varying(10) NOT NULL,
    answered_at timestamp with time zone,
    answered_by_id bigint,
    customer_id bigint NOT NULL,
    chat_id bigint,
    team_id bigint NOT NULL,
    CONSTRAINT left_message_answered_has_time CHECK ((((answered_at IS NULL) AND ((state)::text = 'open'::text)) OR ((NOT ((state)::text = 'open'::text)) AND (answered_at IS NOT NULL))))
);


ALTER TABLE public.customer_service_leftmessage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_leftmessage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_macro (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    title character varying(60) NOT NULL,
    ends_chat boolean NOT NULL,
    used_count integer NOT NULL,
    is_active boolean NOT NULL,
    reply_id bigint,
    team_id bigint,
    transfer_to_id bigint,
    CONSTRAINT customer_service_macro_used_count_check CHECK ((used_count >= 0)),
    CONSTRAINT macro_transfers_or_ends CHECK (((NOT ends_chat) OR (transfer_to_id IS NULL)))
);


ALTER TABLE public.customer_service_macro ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_macro_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_macro_tags (
    id bigint NOT NULL,
    macro_id bigint NOT NULL,
    tag_id bigint NOT NULL
);


ALTER TABLE public.customer_service_macro_tags ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_macro_tags_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_note (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number integer NOT NULL,
    body text NOT NULL,
    mentions bigint[] NOT NULL,
    author_id bigint NOT NULL,
    chat_id bigint NOT NULL,
    CONSTRAINT customer_service_note_number_check CHECK ((number >= 0))
);


ALTER TABLE public.customer_service_note ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_note_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_qualitycheck (
    id bigint NOT NULL,
    picked_at timestamp with time zone NOT NULL,
    picked_by character varying(80) NOT NULL,
    checked_at timestamp with time zone,
    attitude smallint,
    correctness smallint,
    speed smallint,
    remark character varying(500) NOT NULL,
    checked_by_id bigint,
    chat_id bigint NOT NULL,
    CONSTRAINT customer_service_qualitycheck_attitude_check CHECK ((attitude >= 0)),
    CONSTRAINT customer_service_qualitycheck_correctness_check CHECK ((correctness >= 0)),
    CONSTRAINT customer_service_qualitycheck_speed_check CHECK ((speed >= 0)),
    CONSTRAINT quality_grades_1_to_5 CHECK ((((attitude IS NULL) AND (checked_at IS NULL) AND (correctness IS NULL) AND (speed IS NULL)) OR (((attitude >= 1) AND (attitude <= 5)) AND (checked_at IS NOT NULL) AND (checked_by_id IS NOT NULL) AND ((correctness >= 1) AND (correctness <= 5)) AND ((speed >= 1) AND (speed <= 5)))))
);


ALTER TABLE public.customer_service_qualitycheck ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_qualitycheck_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_servicechat (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    side character varying(10) NOT NULL,
    face character varying(10) NOT NULL,
    language character varying(10) NOT NULL,
    priority smallint NOT NULL,
    state character varying(10) NOT NULL,
    state_since timestamp with time zone NOT NULL,
    enqueued_at timestamp with time zone NOT NULL,
    assigned_at timestamp with time zone,
    first_reply_at timestamp with time zone,
    activity_at timestamp with time zone NOT NULL,
    warned_at timestamp with time zone,
    alarmed_at timestamp with time zone,
    held_until timestamp with time zone,
    told_position integer,
    told_wait_seconds integer,
    last_note integer NOT NULL,
    ended_at timestamp with time zone,
    end_reason character varying(30) NOT NULL,
    agent_id bigint,
    conversation_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    team_id bigint NOT NULL,
    CONSTRAINT customer_service_servicechat_last_note_check CHECK ((last_note >= 0)),
    CONSTRAINT customer_service_servicechat_priority_check CHECK ((priority >= 0)),
    CONSTRAINT customer_service_servicechat_told_position_check CHECK ((told_position >= 0)),
    CONSTRAINT customer_service_servicechat_told_wait_seconds_check CHECK ((told_wait_seconds >= 0)),
    CONSTRAINT ended_chat_has_reason CHECK ((((ended_at IS NOT NULL) AND ((state)::text = 'ended'::text) AND (NOT ((end_reason)::text = ''::text))) OR ((NOT ((state)::text = 'ended'::text)) AND ((end_reason)::text = ''::text) AND (ended_at IS NULL)))),
    CONSTRAINT only_active_chat_has_agent CHECK ((((agent_id IS NOT NULL) AND (assigned_at IS NOT NULL) AND ((state)::text = 'active'::text)) OR ((agent_id IS NULL) AND ((state)::text = 'waiting'::text)) OR ((state)::text = 'ended'::text)))
);


ALTER TABLE public.customer_service_servicechat ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_servicechat_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_servicechat_tags (
    id bigint NOT NULL,
    servicechat_id bigint NOT NULL,
    tag_id bigint NOT NULL
);


ALTER TABLE public.customer_service_servicechat_tags ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_servicechat_tags_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_slatimer (
    id bigint NOT NULL,
    metric character varying(20) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    met_at timestamp with time zone,
    broken_at timestamp with time zone,
    chat_id bigint NOT NULL
);


ALTER TABLE public.customer_service_slatimer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_slatimer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_sweepclock (
    name character varying(20) NOT NULL,
    ran_at timestamp with time zone NOT NULL,
    awake_since timestamp with time zone NOT NULL
);


CREATE TABLE public.customer_service_tag (
    id bigint NOT NULL,
    name_zh character varying(20) NOT NULL,
    name_en character varying(30) NOT NULL,
    colour character varying(7) NOT NULL,
    is_active boolean NOT NULL
);


ALTER TABLE public.customer_service_tag ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_tag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_team (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    code character varying(40) NOT NULL,
    name_zh character varying(40) NOT NULL,
    name_en character varying(40) NOT NULL,
    is_active boolean NOT NULL,
    is_default boolean NOT NULL,
    first_reply_target interval NOT NULL,
    resolution_target interval NOT NULL,
    positions_changed boolean NOT NULL,
    fallback_id bigint,
    CONSTRAINT team_falls_back_elsewhere CHECK (((fallback_id IS NULL) OR (NOT ((fallback_id = id) AND (fallback_id IS NOT NULL)))))
);


ALTER TABLE public.customer_service_team ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_team_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_teamday (
    id bigint NOT NULL,
    date date NOT NULL,
    opens time without time zone,
    closes time without time zone,
    remark character varying(60) NOT NULL,
    team_id bigint,
    CONSTRAINT special_day_is_closed_or_has_both_times CHECK ((((closes IS NULL) AND (opens IS NULL)) OR (opens < closes)))
);


ALTER TABLE public.customer_service_teamday ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_teamday_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.customer_service_teamhours (
    id bigint NOT NULL,
    weekday smallint NOT NULL,
    opens time without time zone NOT NULL,
    closes time without time zone NOT NULL,
    team_id bigint NOT NULL,
    CONSTRAINT customer_service_teamhours_weekday_check CHECK ((weekday >= 0)),
    CONSTRAINT team_closes_after_opening CHECK ((opens < closes))
);


ALTER TABLE public.customer_service_teamhours ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.customer_service_teamhours_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.django_admin_log (
    id integer NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id bigint NOT NULL,
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);


ALTER TABLE public.django_admin_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_admin_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.django_celery_beat_clockedschedule (
    id integer NOT NULL,
    clocked_time timestamp with time zone NOT NULL
);


ALTER TABLE public.django_celery_beat_clockedschedule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_celery_beat_clockedschedule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.django_celery_beat_crontabschedule (
    id integer NOT NULL,
    minute character varying(240) NOT NULL,
    hour character varying(96) NOT NULL,
    day_of_week character varying(64) NOT NULL,
    day_of_month character varying(124) NOT NULL,
    month_of_year character varying(64) NOT NULL,
    timezone character varying(63) NOT NULL
);


ALTER TABLE public.django_celery_beat_crontabschedule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_celery_beat_crontabschedule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.django_celery_beat_intervalschedule (
    id integer NOT NULL,
    every integer NOT NULL,
    period character varying(24) NOT NULL
);


ALTER TABLE public.django_celery_beat_intervalschedule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_celery_beat_intervalschedule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.django_celery_beat_periodictask (
    id integer NOT NULL,
    name character varying(200) NOT NULL,
    task character varying(200) NOT NULL,
    args text NOT NULL,
    kwargs text NOT NULL,
    queue character varying(200),
    exchange character varying(200),
    routing_key character varying(200),
    expires timestamp with time zone,
    enabled boolean NOT NULL,
    last_run_at timestamp with time zone,
    total_run_count integer NOT NULL,
    date_changed timestamp with time zone NOT NULL,
    description text NOT NULL,
    crontab_id integer,
    interval_id integer,
    solar_id integer,
    one_off boolean NOT NULL,
    start_time timestamp with time zone,
    priority integer,
    headers text NOT NULL,
    clocked_id integer,
    expire_seconds integer,
    CONSTRAINT django_celery_beat_periodictask_expire_seconds_check CHECK ((expire_seconds >= 0)),
    CONSTRAINT django_celery_beat_periodictask_priority_check CHECK ((priority >= 0)),
    CONSTRAINT django_celery_beat_periodictask_total_run_count_check CHECK ((total_run_count >= 0))
);


ALTER TABLE public.django_celery_beat_periodictask ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_celery_beat_periodictask_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.django_celery_beat_periodictasks (
    ident smallint NOT NULL,
    last_update timestamp with time zone NOT NULL
);


CREATE TABLE public.django_celery_beat_solarschedule (
    id integer NOT NULL,
    event character varying(24) NOT NULL,
    latitude numeric(9,6) NOT NULL,
    longitude numeric(9,6) NOT NULL
);


ALTER TABLE public.django_celery_beat_solarschedule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_celery_beat_solarschedule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);


ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);


CREATE TABLE public.doctors_branch (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    code character varying(20) NOT NULL,
    name character varying(80) NOT NULL,
    time_zone character varying(40) NOT NULL,
    description character varying(500) NOT NULL,
    address character varying(200) NOT NULL,
    phone character varying(30) NOT NULL,
    is_active boolean NOT NULL,
    rating_average numeric(3,2) NOT NULL,
    review_count integer NOT NULL,
    CONSTRAINT doctors_branch_review_count_check CHECK ((review_count >= 0))
);


ALTER TABLE public.doctors_branch ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.doctors_branch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.doctors_branchhours (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    weekday smallint NOT NULL,
    start_minute smallint NOT NULL,
    end_minute smallint NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    branch_id bigint NOT NULL,
    CONSTRAINT branch_hours_end_after_start CHECK (((end_minute <= 1440) AND (weekday <= 6) AND (end_minute > start_minute))),
    CONSTRAINT branch_hours_valid_forward CHECK (((valid_until IS NULL) OR (valid_until >= valid_from))),
    CONSTRAINT doctors_branchhours_end_minute_check CHECK ((end_minute >= 0)),
    CONSTRAINT doctors_branchhours_start_minute_check CHECK ((start_minute >= 0)),
    CONSTRAINT doctors_branchhours_weekday_check CHECK ((weekday >= 0))
);


ALTER TABLE public.doctors_branchhours ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.doctors_branchhours_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.doctors_calendarday (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    date date NOT NULL,
    kind character varying(10) NOT NULL,
    start_minute smallint NOT NULL,
    end_minute smallint NOT NULL,
    works_as smallint,
    name character varying(60) NOT NULL,
    branch_id bigint,
    doctor_id bigint,
    CONSTRAINT calendar_day_ends_after_start CHECK (((end_minute <= 1440) AND (end_minute > start_minute))),
    CONSTRAINT calendar_day_has_one_owner CHECK (((doctor_id IS NULL) OR (branch_id IS NULL))),
    CONSTRAINT calendar_day_says_what_it_is CHECK (((((kind)::text = 'hours'::text) AND (works_as IS NULL)) OR ((end_minute = 1440) AND ((kind)::text = 'closed'::text) AND (start_minute = 0) AND (works_as IS NULL)) OR ((end_minute = 1440) AND ((kind)::text = 'workday'::text) AND (start_minute = 0) AND (works_as IS NOT NULL)))),
    CONSTRAINT doctors_calendarday_end_minute_check CHECK ((end_minute >= 0)),
    CONSTRAINT doctors_calendarday_start_minute_check CHECK ((start_minute >= 0)),
    CONSTRAINT doctors_calendarday_works_as_check CHECK ((works_as >= 0))
);


ALTER TABLE public.doctors_calendarday ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.doctors_calendarday_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.doctors_credential (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(20) NOT NULL,
    state character varying(10) NOT NULL,
    reason character varying(20) NOT NULL,
    number_sealed character varying(300) NOT NULL,
    scope character varying(120) NOT NULL,
    institution character varying(100) NOT NULL,
    valid_from date,
    valid_until date,
    practising_since date,
    reviewed_at timestamp with time zone,
    back_id bigint,
    front_id bigint NOT NULL,
    doctor_id bigint NOT NULL,
    CONSTRAINT credential_says_why_not CHECK (((((state)::text = ANY ((ARRAY['rejected'::character varying, 'expired'::character varying, 'withdrawn'::character varying, 'replaced'::character varying])::text[])) AND (NOT ((reason)::text = ''::text))) OR ((NOT ((state)::text = ANY ((ARRAY['rejected'::character varying, 'expired'::character varying, 'withdrawn'::character varying, 'replaced'::character varying])::text[]))) AND ((reason)::text = ''::text)))),
    CONSTRAINT credential_valid_forward CHECK (((valid_until IS NULL) OR (valid_from IS NULL) OR (valid_until >= valid_from)))
);


ALTER TABLE public.doctors_credential ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.doctors_credential_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.doctors_credentialalert (
    id bigint NOT NULL,
    days smallint NOT NULL,
    told_at timestamp with time zone NOT NULL,
    credential_id bigint NOT NULL,
    CONSTRAINT doctors_credentialalert_days_check CHECK ((days >= 0))
);


ALTER TABLE public.doctors_credentialalert ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.doctors_credentialalert_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.doctors_credentialstep (
    id bigint NOT NULL,
    from_state character varying(10) NOT NULL,
    to_state character varying(10) NOT NULL,
    reason character varying(20) NOT NULL,
    actor character varying(80) NOT NULL,
    at timestamp with time zone NOT NULL,
    credential_id bigint NOT NULL
);


ALTER TABLE public.doctors_credentialstep ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.doctors_credentialstep_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.doctors_department (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    code character varying(30) NOT NULL,
    name character varying(60) NOT NULL,
    description character varying(500) NOT NULL,
    "position" smallint NOT NULL,
    sees_children boolean NOT NULL,
    is_active boolean NOT NULL,
    CONSTRAINT doctors_department_position_check CHECK (("position" >= 0))
);


ALTER TABLE public.doctors_department ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.doctors_department_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.doctors_doctor (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(60) NOT NULL,
    gender character varying(10) NOT NULL,
    phone character varying(30) NOT NULL,
    icon character varying(500) NOT NULL,
    hospital character varying(100) NOT NULL,
    level character varying(20) NOT NULL,
    level_rank smallint GENERATED ALWAYS AS (
CASE
    WHEN ((level)::text = 'resident'::text) THEN 1
    WHEN ((level)::text = 'attending'::text) THEN 2
    WHEN ((level)::text = 'associate_chief'::text) THEN 3
    WHEN ((level)::text = 'chief'::text) THEN 4
    ELSE NULL::integer
END) STORED,
    description text NOT NULL,
    openid character varying(64) NOT NULL,
    status character varying(10) NOT NULL,
    certification character varying(10) NOT NULL,
    practising_since date,
    licence_valid_until date,
    is_service_open boolean NOT NULL,
    is_service_stopped boolean NOT NULL,
    is_text_open boolean NOT NULL,
    is_phone_open boolean NOT NULL,
    text_price_fen integer,
    phone_price_fen integer,
    max_consultations smallint,
    max_appointments smallint,
    is_appointment_open boolean NOT NULL,
    current_consultation_count smallint NOT NULL,
    place_limit smallint GENERATED ALWAYS AS (COALESCE((max_consultations)::integer, 5)) STORED,
    load_key integer GENERATED ALWAYS AS (((current_consultation_count * 10000) / COALESCE((max_consultations)::integer, 5))) STORED,
    last_assigned_at timestamp with time zone,
    is_on_duty boolean NOT NULL,
    duty_ends_at timestamp with time zone,
    rating_average numeric(3,2) NOT NULL,
    rating_count integer NOT NULL,
    branch_id bigint,
    department_id bigint NOT NULL,
    user_id bigint NOT NULL,
    CONSTRAINT doctor_appointment_limit_is_sane CHECK (((max_appointments IS NULL) OR ((max_appointments >= 1) AND (max_appointments <= 100)))),
    CONSTRAINT doctor_certification_is_known CHECK (((certification)::text = ANY ((ARRAY['none'::character varying, 'certified'::character varying, 'pending'::character varying, 'rejected'::character varying])::text[]))),
    CONSTRAINT doctor_level_is_known CHECK (((level)::text = ANY ((ARRAY['resident'::character varying, 'attending'::character varying, 'associate_chief'::character varying, 'chief'::character varying])::text[]))),
    CONSTRAINT doctor_limit_is_sane CHECK (((max_consultations IS NULL) OR ((max_consultations >= 1) AND (max_consultations <= 100)))),
    CONSTRAINT doctor_load_within_limit CHECK (((current_consultation_count >= 0) AND (current_consultation_count <= COALESCE((max_consultations)::integer, 5)))),
    CONSTRAINT doctor_rating_in_range CHECK (((rating_average >= (0)::numeric) AND (rating_average <= (5)::numeric))),
    CONSTRAINT doctors_doctor_current_consultation_count_check CHECK ((current_consultation_count >= 0)),
    CONSTRAINT doctors_doctor_max_appointments_check CHECK ((max_appointments >= 0)),
    CONSTRAINT doctors_doctor_max_consultations_check CHECK ((max_consultations >= 0)),
    CONSTRAINT doctors_doctor_phone_price_fen_check CHECK ((phone_price_fen >= 0)),
    CONSTRAINT doctors_doctor_rating_count_check CHECK ((rating_count >= 0)),
    CONSTRAINT doctors_doctor_text_price_fen_check CHECK ((text_price_fen >= 0)),
    CONSTRAINT stopped_doctor_takes_nobody CHECK (((NOT is_service_stopped) OR (NOT is_service_open)))
);


ALTER TABLE public.doctors_doctor ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.doctors_doctor_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.doctors_doctorhistory (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    name character varying(60) NOT NULL,
    hospital character varying(100) NOT NULL,
    level character varying(20) NOT NULL,
    status character varying(10) NOT NULL,
    certification character varying(10) NOT NULL,
    licence_valid_until date,
    is_service_open boolean NOT NULL,
    is_text_open boolean NOT NULL,
    is_phone_open boolean NOT NULL,
    text_price_fen integer,
    phone_price_fen integer,
    max_consultations smallint,
    branch_id bigint,
    department_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    CONSTRAINT doctors_doctorhistory_max_consultations_check CHECK ((max_consultations >= 0)),
    CONSTRAINT doctors_doctorhistory_phone_price_fen_check CHECK ((phone_price_fen >= 0)),
    CONSTRAINT doctors_doctorhistory_text_price_fen_check CHECK ((text_price_fen >= 0))
);


ALTER TABLE public.doctors_doctorhistory ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.doctors_doctorhistory_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.doctors_doctorpresence (
    doctor_id bigint NOT NULL,
    state character varying(10) NOT NULL,
    resumes_as character varying(10) NOT NULL,
    heartbeat_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL
);


CREATE TABLE public.doctors_identitycheck (
    id bigint NOT NULL,
    method character varying(10) NOT NULL,
    passed_at timestamp with time zone NOT NULL,
    doctor_id bigint NOT NULL,
    picture_hash character varying(64) NOT NULL
);


ALTER TABLE public.doctors_identitycheck ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.doctors_identitycheck_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.doctors_leave (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    remark character varying(200) NOT NULL,
    entered_by character varying(80) NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    cancelled_at timestamp with time zone,
    doctor_id bigint NOT NULL,
    CONSTRAINT leave_ends_after_start CHECK ((ends_at > starts_at))
);


ALTER TABLE public.doctors_leave ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.doctors_leave_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.doctors_servicehours (
    id bigint NOT NULL,
    weekday smallint NOT NULL,
    start time without time zone NOT NULL,
    "end" time without time zone NOT NULL,
    doctor_id bigint NOT NULL,
    CONSTRAINT doctors_servicehours_weekday_check CHECK ((weekday >= 0)),
    CONSTRAINT hours_end_after_start CHECK ((("end" > start) OR ("end" = '00:00:00'::time without time zone))),
    CONSTRAINT hours_weekday_is_a_day CHECK ((weekday <= 6))
);


ALTER TABLE public.doctors_servicehours ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.doctors_servicehours_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.doctors_workrule (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    weekday smallint NOT NULL,
    start_minute smallint NOT NULL,
    end_minute smallint NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    branch_id bigint,
    doctor_id bigint NOT NULL,
    CONSTRAINT doctors_workrule_end_minute_check CHECK ((end_minute >= 0)),
    CONSTRAINT doctors_workrule_start_minute_check CHECK ((start_minute >= 0)),
    CONSTRAINT doctors_workrule_weekday_check CHECK ((weekday >= 0)),
    CONSTRAINT work_rule_ends_after_start CHECK (((end_minute <= 1440) AND (weekday <= 6) AND (end_minute > start_minute))),
    CONSTRAINT work_rule_valid_forward CHECK (((valid_until IS NULL) OR (valid_until >= valid_from)))
);


ALTER TABLE public.doctors_workrule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.doctors_workrule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.files_storedfile (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    purpose character varying(30) NOT NULL,
    kind character varying(10) NOT NULL,
    mime character varying(100) NOT NULL,
    name character varying(120) NOT NULL,
    size integer NOT NULL,
    sha256 character varying(64) NOT NULL,
    width integer,
    height integer,
    duration_ms integer,
    stored_as character varying(100) NOT NULL,
    scan character varying(10) NOT NULL,
    bound_at timestamp with time zone,
    owner_id bigint NOT NULL,
    CONSTRAINT file_has_bytes CHECK ((size > 0)),
    CONSTRAINT files_storedfile_duration_ms_check CHECK ((duration_ms >= 0)),
    CONSTRAINT files_storedfile_height_check CHECK ((height >= 0)),
    CONSTRAINT files_storedfile_size_check CHECK ((size >= 0)),
    CONSTRAINT files_storedfile_width_check CHECK ((width >= 0))
);


ALTER TABLE public.files_storedfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.files_storedfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.notifications_notice (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(40) NOT NULL,
    params jsonb NOT NULL,
    subject_kind character varying(40) NOT NULL,
    subject_public_id uuid,
    read_at timestamp with time zone,
    user_id bigint NOT NULL
);


ALTER TABLE public.notifications_notice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.notifications_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.patients_consent (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    is_by_guardian boolean NOT NULL,
    guardian_name character varying(60) NOT NULL,
    guardian_relation character varying(20) NOT NULL,
    revoked_at timestamp with time zone,
    account_id bigint NOT NULL,
    text_id bigint NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT consent_names_its_guardian CHECK (((((guardian_name)::text = ''::text) AND ((guardian_relation)::text = ''::text) AND (NOT is_by_guardian)) OR (is_by_guardian AND (NOT ((guardian_name)::text = ''::text)) AND (NOT ((guardian_relation)::text = ''::text))))),
    CONSTRAINT consent_revoked_after_given CHECK (((revoked_at IS NULL) OR (revoked_at >= created_at)))
);


ALTER TABLE public.patients_consent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.patients_consent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.patients_consenttext (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(20) NOT NULL,
    version integer NOT NULL,
    title_zh character varying(100) NOT NULL,
    title_en character varying(100) NOT NULL,
    body_zh text NOT NULL,
    body_en text NOT NULL,
    effective_from timestamp with time zone NOT NULL,
    CONSTRAINT consent_text_versions_begin_at_one CHECK ((version >= 1)),
    CONSTRAINT patients_consenttext_version_check CHECK ((version >= 0))
);


ALTER TABLE public.patients_consenttext ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.patients_consenttext_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.patients_consentuse (
    id bigint NOT NULL,
    consultation_public_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    consent_id bigint NOT NULL
);


ALTER TABLE public.patients_consentuse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.patients_consentuse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.patients_identitydocument (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(20) NOT NULL,
    state character varying(10) NOT NULL,
    reason character varying(20) NOT NULL,
    number_sealed character varying(200) NOT NULL,
    number_index character varying(64) NOT NULL,
    valid_until date,
    reviewed_at timestamp with time zone,
    back_id bigint,
    front_id bigint NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT document_says_why_not CHECK (((((state)::text = ANY ((ARRAY['rejected'::character varying, 'withdrawn'::character varying])::text[])) AND (NOT ((reason)::text = ''::text))) OR ((NOT ((state)::text = ANY ((ARRAY['rejected'::character varying, 'withdrawn'::character varying])::text[]))) AND ((reason)::text = ''::text)))),
    CONSTRAINT document_sealed_with_index CHECK (((((number_index)::text = ''::text) AND ((number_sealed)::text = ''::text)) OR ((NOT ((number_sealed)::text = ''::text)) AND (NOT ((number_index)::text = ''::text)))))
);


ALTER TABLE public.patients_identitydocument ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.patients_identitydocument_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.patients_identitydocumentstep (
    id bigint NOT NULL,
    from_state character varying(10) NOT NULL,
    to_state character varying(10) NOT NULL,
    reason character varying(20) NOT NULL,
    actor character varying(80) NOT NULL,
    at timestamp with time zone NOT NULL,
    document_id bigint NOT NULL
);


ALTER TABLE public.patients_identitydocumentstep ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.patients_identitydocumentstep_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.patients_realnamecheck (
    id bigint NOT NULL,
    day date NOT NULL,
    try_number smallint NOT NULL,
    result character varying(10) NOT NULL,
    reference character varying(80) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    person_id bigint NOT NULL,
    CONSTRAINT patients_realnamecheck_try_number_check CHECK ((try_number >= 0)),
    CONSTRAINT real_name_answer_has_a_moment CHECK ((((finished_at IS NULL) AND ((result)::text = 'running'::text)) OR ((NOT ((result)::text = 'running'::text)) AND (finished_at IS NOT NULL))))
);


ALTER TABLE public.patients_realnamecheck ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.patients_realnamecheck_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.patients_visitperson (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(60) NOT NULL,
    gender character varying(10) NOT NULL,
    birthday date,
    relation character varying(10) NOT NULL,
    is_default boolean NOT NULL,
    id_number_sealed character varying(200) NOT NULL,
    id_number_index character varying(64) NOT NULL,
    height_cm numeric(4,1),
    weight_kg numeric(5,2),
    phone character varying(20) NOT NULL,
    city character varying(40) NOT NULL,
    real_name_state character varying(10) NOT NULL,
    real_name_at timestamp with time zone,
    is_active boolean NOT NULL,
    account_id bigint NOT NULL,
    real_name_until date,
    CONSTRAINT default_visit_person_is_active CHECK (((NOT is_default) OR is_active)),
    CONSTRAINT height_is_human CHECK (((height_cm IS NULL) OR ((height_cm >= (20)::numeric) AND (height_cm <= (260)::numeric)))),
    CONSTRAINT id_number_sealed_with_index CHECK (((((id_number_index)::text = ''::text) AND ((id_number_sealed)::text = ''::text)) OR ((NOT ((id_number_sealed)::text = ''::text)) AND (NOT ((id_number_index)::text = ''::text))))),
    CONSTRAINT real_name_checked_at_a_moment CHECK ((((real_name_at IS NULL) AND ((real_name_state)::text = 'none'::text)) OR ((NOT ((real_name_state)::text = 'none'::text)) AND (real_name_at IS NOT NULL)))),
    CONSTRAINT weight_is_human CHECK (((weight_kg IS NULL) OR ((weight_kg >= 0.3) AND (weight_kg <= (500)::numeric))))
);


ALTER TABLE public.patients_visitperson ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.patients_visitperson_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.patients_visitpersonhistory (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    gender character varying(10) NOT NULL,
    birthday date,
    relation character varying(10) NOT NULL,
    is_default boolean NOT NULL,
    height_cm numeric(4,1),
    weight_kg numeric(5,2),
    real_name_state character varying(10) NOT NULL,
    real_name_at timestamp with time zone,
    is_active boolean NOT NULL,
    account_id bigint NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    real_name_until date
);


ALTER TABLE public.patients_visitpersonhistory ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.patients_visitpersonhistory_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_balanceoffer (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    consented_at timestamp with time zone,
    approved_at timestamp with time zone,
    approved_by_id bigint,
    proposed_by_id bigint NOT NULL,
    refund_id bigint NOT NULL,
    CONSTRAINT balance_offer_needs_consent CHECK ((((approved_at IS NULL) AND (approved_by_id IS NULL)) OR ((approved_at IS NOT NULL) AND (approved_by_id IS NOT NULL) AND (consented_at IS NOT NULL)))),
    CONSTRAINT balance_offer_two_people CHECK (((approved_by_id IS NULL) OR (NOT ((approved_by_id = proposed_by_id) AND (approved_by_id IS NOT NULL)))))
);


ALTER TABLE public.payments_balanceoffer ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_balanceoffer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_billrow (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    number character varying(64) NOT NULL,
    trade_number character varying(64) NOT NULL,
    gateway_number character varying(64) NOT NULL,
    amount_fen bigint NOT NULL,
    fee_fen bigint NOT NULL,
    run_id bigint NOT NULL
);


ALTER TABLE public.payments_billrow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_billrow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_gatewayevent (
    id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    dedup_key character varying(160) NOT NULL,
    gateway_event_id character varying(64) NOT NULL,
    headers jsonb NOT NULL,
    body_sealed text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    processed_at timestamp with time zone,
    deliveries integer NOT NULL,
    outcome character varying(20) NOT NULL,
    merchant_id bigint NOT NULL,
    next_try_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    CONSTRAINT payments_gatewayevent_deliveries_check CHECK ((deliveries >= 0)),
    CONSTRAINT payments_gatewayevent_tries_check CHECK ((tries >= 0))
);


ALTER TABLE public.payments_gatewayevent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_gatewayevent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_ledgeraccount (
    id bigint NOT NULL,
    code character varying(80) NOT NULL,
    kind character varying(20) NOT NULL,
    balance_fen bigint,
    last_sequence bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT ledger_only_wallets_keep_balance CHECK ((((balance_fen IS NOT NULL) AND ((kind)::text = 'wallet'::text)) OR ((NOT ((kind)::text = 'wallet'::text)) AND (balance_fen IS NULL)))),
    CONSTRAINT wallet_not_overdrawn CHECK (((balance_fen IS NULL) OR (balance_fen >= 0)))
);


ALTER TABLE public.payments_ledgeraccount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_ledgeraccount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_ledgerposting (
    id bigint NOT NULL,
    amount_fen bigint NOT NULL,
    sequence bigint,
    balance_after_fen bigint,
    account_id bigint NOT NULL,
    transaction_id bigint NOT NULL,
    CONSTRAINT posting_not_zero CHECK ((NOT (amount_fen = 0))),
    CONSTRAINT posting_sequence_counts CHECK (((sequence IS NULL) OR (sequence > 0)))
);


ALTER TABLE public.payments_ledgerposting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_ledgerposting_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_ledgertransaction (
    id bigint NOT NULL,
    key character varying(80) NOT NULL,
    kind character varying(20) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    order_id bigint,
    refund_id bigint
);


ALTER TABLE public.payments_ledgertransaction ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_ledgertransaction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_merchantconfig (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    provider character varying(20) NOT NULL,
    name character varying(80) NOT NULL,
    merchant_number character varying(40) NOT NULL,
    app_id character varying(40) NOT NULL,
    mode character varying(12) NOT NULL,
    secret_reference character varying(80) NOT NULL,
    is_active boolean NOT NULL,
    active_from timestamp with time zone NOT NULL,
    active_until timestamp with time zone,
    CONSTRAINT merchant_ends_after_start CHECK (((active_until IS NULL) OR (active_until > active_from)))
);


ALTER TABLE public.payments_merchantconfig ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_merchantconfig_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_offlineclaim (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(12) NOT NULL,
    reference character varying(60) NOT NULL,
    received_at timestamp with time zone NOT NULL,
    state character varying(12) NOT NULL,
    decided_at timestamp with time zone,
    claimed_by_id bigint NOT NULL,
    decided_by_id bigint,
    order_id bigint NOT NULL,
    CONSTRAINT offline_claim_two_people CHECK (((NOT ((state)::text = 'confirmed'::text)) OR ((decided_by_id IS NOT NULL) AND (NOT ((decided_by_id = claimed_by_id) AND (decided_by_id IS NOT NULL))))))
);


ALTER TABLE public.payments_offlineclaim ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_offlineclaim_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_offlineproof (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(12) NOT NULL,
    reference character varying(60) NOT NULL,
    received_at timestamp with time zone NOT NULL,
    approved_by_id bigint,
    confirmed_by_id bigint NOT NULL,
    attempt_id bigint NOT NULL,
    CONSTRAINT offline_proof_two_people CHECK (((approved_by_id IS NULL) OR (NOT ((approved_by_id = confirmed_by_id) AND (approved_by_id IS NOT NULL)))))
);


ALTER TABLE public.payments_offlineproof ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_offlineproof_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_paymentattempt (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    provider character varying(20) NOT NULL,
    channel character varying(12) NOT NULL,
    out_trade_no character varying(32) NOT NULL,
    amount_fen bigint NOT NULL,
    status character varying(12) NOT NULL,
    disposition character varying(12) NOT NULL,
    gateway_transaction_id character varying(40) NOT NULL,
    prepay jsonb NOT NULL,
    time_expire timestamp with time zone NOT NULL,
    succeeded_at timestamp with time zone,
    next_poll_at timestamp with time zone,
    poll_count integer NOT NULL,
    failure character varying(60) NOT NULL,
    billed_on date,
    merchant_id bigint,
    order_id bigint NOT NULL,
    CONSTRAINT attempt_amount_sane CHECK ((amount_fen >= 0)),
    CONSTRAINT attempt_money_means_succeeded CHECK (((NOT ((disposition)::text = ANY ((ARRAY['applied'::character varying, 'duplicate'::character varying, 'late'::character varying])::text[]))) OR ((status)::text = 'succeeded'::text))),
    CONSTRAINT attempt_outside_has_merchant CHECK ((((provider)::text = ANY ((ARRAY['free'::character varying, 'balance'::character varying, 'offline'::character varying])::text[])) OR (merchant_id IS NOT NULL))),
    CONSTRAINT payments_paymentattempt_poll_count_check CHECK ((poll_count >= 0))
);


ALTER TABLE public.payments_paymentattempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_paymentattempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_paymenthistory (
    id bigint NOT NULL,
    from_status character varying(20) NOT NULL,
    to_status character varying(20) NOT NULL,
    actor character varying(80) NOT NULL,
    reason character varying(120) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    attempt_id bigint,
    order_id bigint NOT NULL,
    refund_id bigint
);


ALTER TABLE public.payments_paymenthistory ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_paymenthistory_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_paymentorder (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(24) NOT NULL,
    subject_kind character varying(30) NOT NULL,
    subject_public_id uuid NOT NULL,
    title character varying(120) NOT NULL,
    amount_fen bigint NOT NULL,
    paid_fen bigint NOT NULL,
    refund_reserved_fen bigint NOT NULL,
    refunded_fen bigint NOT NULL,
    status character varying(20) NOT NULL,
    price_snapshot jsonb NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    paid_at timestamp with time zone,
    closed_at timestamp with time zone,
    payer_id bigint NOT NULL,
    CONSTRAINT order_amount_sane CHECK (((amount_fen >= 0) AND (amount_fen <= 100000000))),
    CONSTRAINT order_closed_says_when CHECK (((NOT ((status)::text = 'closed'::text)) OR (closed_at IS NOT NULL))),
    CONSTRAINT order_paid_has_money CHECK (((NOT ((status)::text = ANY ((ARRAY['paid'::character varying, 'partially_refunded'::character varying, 'refunded'::character varying])::text[]))) OR ((paid_at IS NOT NULL) AND (paid_fen = amount_fen)))),
    CONSTRAINT order_paid_whole CHECK (((paid_fen = 0) OR (paid_fen = amount_fen))),
    CONSTRAINT order_refunds_within_paid CHECK (((paid_fen >= refund_reserved_fen) AND (refund_reserved_fen >= refunded_fen) AND (refunded_fen >= 0))),
    CONSTRAINT order_unpaid_has_no_money CHECK (((NOT ((status)::text = ANY ((ARRAY['pending'::character varying, 'closing'::character varying, 'closed'::character varying])::text[]))) OR ((paid_at IS NULL) AND (paid_fen = 0))))
);


ALTER TABLE public.payments_paymentorder ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_paymentorder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_platformcertificate (
    id bigint NOT NULL,
    serial character varying(64) NOT NULL,
    pem text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_until timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    merchant_id bigint NOT NULL
);


ALTER TABLE public.payments_platformcertificate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_platformcertificate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_pricehistory (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    amount_fen bigint NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_until timestamp with time zone,
    is_active boolean NOT NULL,
    note character varying(200) NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);


ALTER TABLE public.payments_pricehistory ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_pricehistory_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_pricerule (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    service character varying(40) NOT NULL,
    scope character varying(12) NOT NULL,
    doctor_public_id uuid,
    level character varying(20) NOT NULL,
    department_code character varying(40) NOT NULL,
    amount_fen bigint NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_until timestamp with time zone,
    is_active boolean NOT NULL,
    note character varying(200) NOT NULL,
    CONSTRAINT price_amount_sane CHECK (((amount_fen >= 0) AND (amount_fen <= 100000000))),
    CONSTRAINT price_ends_after_start CHECK (((valid_until IS NULL) OR (valid_until > valid_from))),
    CONSTRAINT price_scope_names_its_target CHECK (((((department_code)::text = ''::text) AND (doctor_public_id IS NOT NULL) AND ((level)::text = ''::text) AND ((scope)::text = 'doctor'::text)) OR (((department_code)::text = ''::text) AND (doctor_public_id IS NULL) AND ((scope)::text = 'level'::text) AND (NOT ((level)::text = ''::text))) OR ((doctor_public_id IS NULL) AND ((level)::text = ''::text) AND ((scope)::text = 'department'::text) AND (NOT ((department_code)::text = ''::text))) OR (((department_code)::text = ''::text) AND (doctor_public_id IS NULL) AND ((level)::text = ''::text) AND ((scope)::text = 'global'::text))))
);


ALTER TABLE public.payments_pricerule ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_pricerule_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_recognisedincome (
    id bigint NOT NULL,
    doctor_user_public_id uuid NOT NULL,
    doctor_fen bigint NOT NULL,
    clinic_fen bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    order_id bigint NOT NULL,
    CONSTRAINT income_parts_sane CHECK (((clinic_fen >= 0) AND (doctor_fen >= 0)))
);


ALTER TABLE public.payments_recognisedincome ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_recognisedincome_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_reconciliationitem (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    kind character varying(10) NOT NULL,
    verdict character varying(14) NOT NULL,
    number character varying(64) NOT NULL,
    gateway_number character varying(64) NOT NULL,
    gateway_fen bigint,
    our_fen bigint,
    state character varying(10) NOT NULL,
    resolution character varying(120) NOT NULL,
    resolved_at timestamp with time zone,
    attempt_id bigint,
    proposed_by_id bigint,
    resolved_by_id bigint,
    run_id bigint NOT NULL,
    refund_id bigint,
    CONSTRAINT reconciliation_item_proposed_by CHECK (((NOT ((state)::text = 'proposed'::text)) OR ((proposed_by_id IS NOT NULL) AND (resolved_by_id IS NULL) AND ((verdict)::text = 'unexplained'::text)))),
    CONSTRAINT reconciliation_item_says_how CHECK (((NOT ((state)::text = 'resolved'::text)) OR ((NOT ((resolution)::text = ''::text)) AND (resolved_at IS NOT NULL)))),
    CONSTRAINT reconciliation_item_two_people CHECK (((proposed_by_id IS NULL) OR (resolved_by_id IS NULL) OR (NOT ((proposed_by_id = resolved_by_id) AND (proposed_by_id IS NOT NULL) AND (resolved_by_id IS NOT NULL)))))
);


ALTER TABLE public.payments_reconciliationitem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_reconciliationitem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_reconciliationrun (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    bill_date date NOT NULL,
    status character varying(12) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    failure character varying(60) NOT NULL,
    line_count integer NOT NULL,
    matched_count integer NOT NULL,
    gateway_paid_fen bigint NOT NULL,
    gateway_refunded_fen bigint NOT NULL,
    gateway_fee_fen bigint NOT NULL,
    gateway_payout_fen bigint NOT NULL,
    our_paid_fen bigint NOT NULL,
    our_refunded_fen bigint NOT NULL,
    signed_off_at timestamp with time zone,
    merchant_id bigint NOT NULL,
    signed_off_by_id bigint,
    CONSTRAINT payments_reconciliationrun_line_count_check CHECK ((line_count >= 0)),
    CONSTRAINT payments_reconciliationrun_matched_count_check CHECK ((matched_count >= 0)),
    CONSTRAINT reconciliation_signed_says_when CHECK ((((signed_off_at IS NOT NULL) AND ((status)::text = 'signed_off'::text)) OR ((NOT ((status)::text = 'signed_off'::text)) AND (signed_off_at IS NULL))))
);


ALTER TABLE public.payments_reconciliationrun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_reconciliationrun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_refund (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    out_refund_no character varying(64) NOT NULL,
    amount_fen bigint NOT NULL,
    from_doctor_fen bigint NOT NULL,
    from_income_fen bigint NOT NULL,
    reason character varying(20) NOT NULL,
    source character varying(20) NOT NULL,
    status character varying(12) NOT NULL,
    destination character varying(10) NOT NULL,
    gateway_refund_id character varying(40) NOT NULL,
    submitted_at timestamp with time zone,
    completed_at timestamp with time zone,
    next_try_at timestamp with time zone,
    tries integer NOT NULL,
    failure character varying(60) NOT NULL,
    billed_on date,
    approved_by_id bigint,
    attempt_id bigint NOT NULL,
    order_id bigint NOT NULL,
    requested_by_id bigint,
    CONSTRAINT payments_refund_tries_check CHECK ((tries >= 0)),
    CONSTRAINT refund_amount_sane CHECK ((amount_fen >= 0)),
    CONSTRAINT refund_parts_within_amount CHECK (((amount_fen >= (from_doctor_fen + from_income_fen)) AND (from_doctor_fen >= 0) AND (from_income_fen >= 0))),
    CONSTRAINT refund_two_people CHECK (((approved_by_id IS NULL) OR (requested_by_id IS NULL) OR (NOT ((approved_by_id = requested_by_id) AND (approved_by_id IS NOT NULL) AND (requested_by_id IS NOT NULL)))))
);


ALTER TABLE public.payments_refund ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_refund_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_refundrequest (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    amount_fen bigint NOT NULL,
    reason character varying(300) NOT NULL,
    state character varying(12) NOT NULL,
    decided_at timestamp with time zone,
    decided_by_id bigint,
    order_id bigint NOT NULL,
    refund_id bigint,
    CONSTRAINT refund_request_of_money CHECK ((amount_fen > 0)),
    CONSTRAINT refund_request_says_what_became_of_it CHECK ((((decided_at IS NULL) AND (refund_id IS NULL) AND ((state)::text = 'waiting'::text)) OR ((decided_at IS NOT NULL) AND (refund_id IS NOT NULL) AND ((state)::text = 'granted'::text)) OR ((decided_at IS NOT NULL) AND (refund_id IS NULL) AND ((state)::text = 'refused'::text))))
);


ALTER TABLE public.payments_refundrequest ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_refundrequest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.payments_suspenseclearing (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    target character varying(20) NOT NULL,
    amount_fen bigint NOT NULL,
    why character varying(120) NOT NULL,
    state character varying(12) NOT NULL,
    decided_at timestamp with time zone,
    decided_by_id bigint,
    item_id bigint NOT NULL,
    proposed_by_id bigint NOT NULL,
    CONSTRAINT suspense_clearing_two_people CHECK (((NOT ((state)::text = 'confirmed'::text)) OR ((decided_at IS NOT NULL) AND (decided_by_id IS NOT NULL) AND (NOT ((decided_by_id = proposed_by_id) AND (decided_by_id IS NOT NULL))))))
);


ALTER TABLE public.payments_suspenseclearing ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.payments_suspenseclearing_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.pghistory_context (
    id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    metadata jsonb NOT NULL
);


CREATE TABLE public.phrases_phrase (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    type character varying(20) NOT NULL,
    text text NOT NULL,
    "order" smallint NOT NULL,
    is_active boolean NOT NULL,
    doctor_id bigint,
    CONSTRAINT phrases_phrase_order_check CHECK (("order" >= 0))
);


ALTER TABLE public.phrases_phrase ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.phrases_phrase_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.phrases_phraseuse (
    id bigint NOT NULL,
    count integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    doctor_id bigint NOT NULL,
    phrase_id bigint NOT NULL,
    CONSTRAINT phrases_phraseuse_count_check CHECK ((count >= 0))
);


ALTER TABLE public.phrases_phraseuse ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.phrases_phraseuse_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.privacy_accountbatch (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    act character varying(10) NOT NULL,
    reason character varying(20) NOT NULL,
    state character varying(10) NOT NULL,
    ended_at timestamp with time zone,
    ordered_by_id bigint NOT NULL,
    CONSTRAINT ended_batch_has_moment CHECK ((((ended_at IS NULL) AND ((state)::text = 'running'::text)) OR (((state)::text = 'done'::text) AND (ended_at IS NOT NULL))))
);


ALTER TABLE public.privacy_accountbatch ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_accountbatch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.privacy_batchitem (
    id bigint NOT NULL,
    state character varying(10) NOT NULL,
    reasons character varying(20)[] NOT NULL,
    kept jsonb NOT NULL,
    at timestamp with time zone,
    account_id bigint NOT NULL,
    batch_id bigint NOT NULL,
    CONSTRAINT handled_item_has_moment CHECK ((((at IS NULL) AND ((state)::text = 'pending'::text)) OR ((NOT ((state)::text = 'pending'::text)) AND (at IS NOT NULL))))
);


ALTER TABLE public.privacy_batchitem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_batchitem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.privacy_dataexport (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    day date NOT NULL,
    place smallint NOT NULL,
    done smallint NOT NULL,
    total smallint NOT NULL,
    tries smallint NOT NULL,
    begun_at timestamp with time zone,
    ready_at timestamp with time zone,
    expires_at timestamp with time zone,
    fetched_at timestamp with time zone,
    stored_as character varying(100) NOT NULL,
    size bigint NOT NULL,
    sha256 character varying(64) NOT NULL,
    token_hash character varying(64) NOT NULL,
    account_id bigint NOT NULL,
    CONSTRAINT fetched_export_opens_no_more CHECK (((NOT ((state)::text = 'fetched'::text)) OR ((fetched_at IS NOT NULL) AND ((token_hash)::text = ''::text)))),
    CONSTRAINT privacy_dataexport_done_check CHECK ((done >= 0)),
    CONSTRAINT privacy_dataexport_place_check CHECK ((place >= 0)),
    CONSTRAINT privacy_dataexport_size_check CHECK ((size >= 0)),
    CONSTRAINT privacy_dataexport_total_check CHECK ((total >= 0)),
    CONSTRAINT privacy_dataexport_tries_check CHECK ((tries >= 0)),
    CONSTRAINT ready_export_has_bytes CHECK (((NOT ((state)::text = 'ready'::text)) OR ((expires_at IS NOT NULL) AND (NOT ((stored_as)::text = ''::text)) AND (NOT ((sha256)::text = ''::text)))))
);


ALTER TABLE public.privacy_dataexport ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_dataexport_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.privacy_deletionrequest (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    due_at timestamp with time zone NOT NULL,
    looked_at timestamp with time zone,
    blocked_by character varying(20)[] NOT NULL,
    ended_at timestamp with time zone,
    account_id bigint NOT NULL,
    CONSTRAINT ended_deletion_has_moment CHECK ((((ended_at IS NULL) AND ((state)::text = 'cooling'::text)) OR ((NOT ((state)::text = 'cooling'::text)) AND (ended_at IS NOT NULL))))
);


ALTER TABLE public.privacy_deletionrequest ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_deletionrequest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.privacy_emergencyaccess (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    role character varying(20) NOT NULL,
    reason character varying(20) NOT NULL,
    words character varying(300) NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    told_at timestamp with time zone,
    patient_id bigint NOT NULL,
    reader_id bigint NOT NULL,
    CONSTRAINT emergency_has_an_end CHECK ((ends_at > created_at)),
    CONSTRAINT emergency_is_about_another CHECK ((NOT (reader_id = patient_id)))
);


ALTER TABLE public.privacy_emergencyaccess ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.privacy_emergencyaccess_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.realtime_socketticket (
    id bigint NOT NULL,
    token_hash character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    session_id bigint NOT NULL
);


ALTER TABLE public.realtime_socketticket ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.realtime_socketticket_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.records_diagnosiscode (
    id bigint NOT NULL,
    system character varying(20) NOT NULL,
    edition character varying(40) NOT NULL,
    code character varying(40) NOT NULL,
    name character varying(200) NOT NULL,
    is_category boolean NOT NULL,
    is_active boolean NOT NULL,
    imported_at timestamp with time zone NOT NULL
);


ALTER TABLE public.records_diagnosiscode ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.records_diagnosiscode_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.records_medicalrecord (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    number character varying(20) NOT NULL,
    subject_kind character varying(20) NOT NULL,
    subject_public_id uuid NOT NULL,
    chief_complaint text NOT NULL,
    present_history text NOT NULL,
    past_history text NOT NULL,
    allergies text NOT NULL,
    looking text NOT NULL,
    listening text NOT NULL,
    asking text NOT NULL,
    palpation text NOT NULL,
    tongue text NOT NULL,
    pulse text NOT NULL,
    diagnosis text NOT NULL,
    principle text NOT NULL,
    advice text NOT NULL,
    state character varying(10) NOT NULL,
    signed_at timestamp with time zone,
    printed jsonb NOT NULL,
    content_hash character varying(64) NOT NULL,
    key_id character varying(16) NOT NULL,
    signature character varying(100) NOT NULL,
    verify_token character varying(32) NOT NULL,
    doctor_id bigint NOT NULL,
    patient_id bigint NOT NULL,
    person_id bigint NOT NULL,
    CONSTRAINT signed_record_has_its_moment CHECK ((((signed_at IS NULL) AND ((state)::text = 'draft'::text) AND ((verify_token)::text = ''::text)) OR ((signed_at IS NOT NULL) AND ((state)::text = 'signed'::text) AND (NOT ((verify_token)::text = ''::text))))),
    CONSTRAINT signed_record_says_something CHECK ((((state)::text = 'draft'::text) OR ((NOT (diagnosis = ''::text)) AND (NOT (advice = ''::text)))))
);


ALTER TABLE public.records_medicalrecord ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.records_medicalrecord_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.records_recordaddendum (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    "position" smallint NOT NULL,
    author_name character varying(60) NOT NULL,
    reason character varying(200) NOT NULL,
    text text NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    content_hash character varying(64) NOT NULL,
    key_id character varying(16) NOT NULL,
    signature character varying(100) NOT NULL,
    author_id bigint NOT NULL,
    record_id bigint NOT NULL,
    CONSTRAINT records_recordaddendum_position_check CHECK (("position" >= 0))
);


ALTER TABLE public.records_recordaddendum ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.records_recordaddendum_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.records_recorddiagnosis (
    id bigint NOT NULL,
    "position" smallint NOT NULL,
    system character varying(20) NOT NULL,
    edition character varying(40) NOT NULL,
    code character varying(40) NOT NULL,
    name character varying(200) NOT NULL,
    entry_id bigint NOT NULL,
    record_id bigint NOT NULL,
    CONSTRAINT records_recorddiagnosis_position_check CHECK (("position" >= 0))
);


ALTER TABLE public.records_recorddiagnosis ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.records_recorddiagnosis_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.relations_broadcast (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    text text NOT NULL,
    audience character varying(10) NOT NULL,
    state character varying(10) NOT NULL,
    day date NOT NULL,
    place smallint NOT NULL,
    ended_at timestamp with time zone,
    doctor_id bigint NOT NULL,
    group_id bigint,
    CONSTRAINT ended_broadcast_has_moment CHECK ((((ended_at IS NULL) AND ((state)::text = 'sending'::text)) OR ((NOT ((state)::text = 'sending'::text)) AND (ended_at IS NOT NULL)))),
    CONSTRAINT only_group_broadcasts_name_one CHECK ((((audience)::text = 'group'::text) OR (group_id IS NULL))),
    CONSTRAINT relations_broadcast_place_check CHECK ((place >= 0))
);


ALTER TABLE public.relations_broadcast ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.relations_broadcast_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.relations_delivery (
    id bigint NOT NULL,
    state character varying(10) NOT NULL,
    reason character varying(10) NOT NULL,
    message_id uuid,
    at timestamp with time zone,
    broadcast_id bigint NOT NULL,
    relation_id bigint NOT NULL,
    CONSTRAINT sent_delivery_has_message CHECK ((((message_id IS NOT NULL) AND ((state)::text = 'sent'::text)) OR ((NOT ((state)::text = 'sent'::text)) AND (message_id IS NULL)))),
    CONSTRAINT skipped_delivery_has_reason CHECK (((((state)::text = 'skipped'::text) AND (NOT ((reason)::text = ''::text))) OR ((NOT ((state)::text = 'skipped'::text)) AND ((reason)::text = ''::text))))
);


ALTER TABLE public.relations_delivery ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.relations_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.relations_groupmember (
    id bigint NOT NULL,
    group_id bigint NOT NULL,
    relation_id bigint NOT NULL
);


ALTER TABLE public.relations_groupmember ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.relations_groupmember_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.relations_invite (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    scene character varying(32) NOT NULL,
    label character varying(40) NOT NULL,
    revoked_at timestamp with time zone,
    doctor_id bigint NOT NULL,
    CONSTRAINT scene_within_wechat CHECK (((scene)::text ~ '^[0-9A-Za-z!#$&''()*+,/:;=?@._~-]{1,32}$'::text))
);


ALTER TABLE public.relations_invite ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.relations_invite_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.relations_inviteimage (
    id bigint NOT NULL,
    content bytea NOT NULL,
    mime character varying(20) NOT NULL,
    fetched_at timestamp with time zone NOT NULL,
    invite_id bigint NOT NULL
);


ALTER TABLE public.relations_inviteimage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.relations_inviteimage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.relations_invitescan (
    id bigint NOT NULL,
    times integer NOT NULL,
    made_relation boolean NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    invite_id bigint NOT NULL,
    patient_id bigint NOT NULL,
    CONSTRAINT relations_invitescan_times_check CHECK ((times >= 0))
);


ALTER TABLE public.relations_invitescan ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.relations_invitescan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.relations_patientgroup (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    place smallint NOT NULL,
    name character varying(30) NOT NULL,
    name_key character varying(120) NOT NULL,
    doctor_id bigint NOT NULL,
    CONSTRAINT group_has_one_of_few_places CHECK (((place >= 1) AND (place <= 5))),
    CONSTRAINT relations_patientgroup_place_check CHECK ((place >= 0))
);


ALTER TABLE public.relations_patientgroup ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.relations_patientgroup_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.relations_relation (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    source character varying(20) NOT NULL,
    tags character varying(20)[] NOT NULL,
    remark character varying(200) NOT NULL,
    is_followed boolean NOT NULL,
    followed_at timestamp with time zone,
    is_blocked_by_doctor boolean NOT NULL,
    is_blocked_by_patient boolean NOT NULL,
    takes_broadcasts boolean NOT NULL,
    credit integer NOT NULL,
    shows_followed_card boolean NOT NULL,
    latest_consultation_id uuid,
    latest_consultation_at timestamp with time zone,
    latest_report_id uuid,
    doctor_id bigint NOT NULL,
    patient_id bigint NOT NULL,
    CONSTRAINT card_is_of_a_followed_doctor CHECK (((NOT shows_followed_card) OR is_followed)),
    CONSTRAINT followed_since_a_moment CHECK ((((followed_at IS NOT NULL) AND is_followed) OR ((followed_at IS NULL) AND (NOT is_followed)))),
    CONSTRAINT nobody_follows_whom_he_blocks CHECK (((NOT is_blocked_by_patient) OR (NOT is_followed))),
    CONSTRAINT relation_tags_are_few CHECK ((
CASE
    WHEN (tags IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(tags, 1), 0)
END <= 20)),
    CONSTRAINT relations_relation_credit_check CHECK ((credit >= 0))
);


ALTER TABLE public.relations_relation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.relations_relation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.relations_relationhistory (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    source character varying(20) NOT NULL,
    is_followed boolean NOT NULL,
    is_blocked_by_doctor boolean NOT NULL,
    is_blocked_by_patient boolean NOT NULL,
    takes_broadcasts boolean NOT NULL,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL
);


ALTER TABLE public.relations_relationhistory ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.relations_relationhistory_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.reviews_review (
    id bigint NOT NULL,
    public_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    target_kind character varying(20) NOT NULL,
    target_public_id uuid NOT NULL,
    stars smallint NOT NULL,
    tags character varying(20)[] NOT NULL,
    text character varying(500) NOT NULL,
    visibility character varying(10) NOT NULL,
    reply character varying(500) NOT NULL,
    replied_at timestamp with time zone,
    edited_at timestamp with time zone,
    about_user_id bigint NOT NULL,
    author_id bigint NOT NULL,
    CONSTRAINT review_reply_has_time CHECK ((((replied_at IS NULL) AND ((reply)::text = ''::text)) OR ((replied_at IS NOT NULL) AND (NOT ((reply)::text = ''::text))))),
    CONSTRAINT review_stars_1_to_5 CHECK (((stars >= 1) AND (stars <= 5))),
    CONSTRAINT reviews_review_stars_check CHECK ((stars >= 0))
);


ALTER TABLE public.reviews_review ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.reviews_review_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


CREATE TABLE public.reviews_reviewhistory (
    pgh_id integer NOT NULL,
    pgh_created_at timestamp with time zone NOT NULL,
    pgh_label text NOT NULL,
    stars smallint NOT NULL,
    tags character varying(20)[] NOT NULL,
    visibility character varying(10) NOT NULL,
    edited_at timestamp with time zone,
    replied_at timestamp with time zone,
    pgh_context_id uuid,
    pgh_obj_id bigint NOT NULL,
    CONSTRAINT reviews_reviewhistory_stars_check CHECK ((stars >= 0))
);


ALTER TABLE public.reviews_reviewhistory ALTER COLUMN pgh_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.reviews_reviewhistory_pgh_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);




































INSERT INTO public.auth_group (id, name) VALUES
	(1, 'patient'),
	(2, 'doctor'),
	(3, 'pharmacist'),
	(4, 'customer_service'),
	(5, 'content_operator'),
	(6, 'finance'),
	(7, 'admin'),
	(8, 'auditor');
































































INSERT INTO public.consultations_redflag (id, word, language, advice, below_months, only_pregnant, is_active) VALUES
	(1, '胸痛', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(2, '胸口痛', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(3, '胸口疼', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(4, '胸部疼痛', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(5, '心口痛', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(6, '心绞痛', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(7, '心前区疼', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(8, '胸口压榨', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(9, '呼吸困难', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(10, '喘不上气', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(11, '喘不过气', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(12, '憋得喘不', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(13, '窒息', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(14, '昏迷', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(15, '晕倒', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(16, '昏倒', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(17, '晕厥', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(18, '失去意识', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(19, '意识不清', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(20, '意识模糊', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(21, '神志不清', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(22, '叫不醒', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(23, '抽搐', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(24, '惊厥', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(25, '癫痫发作', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(26, '抽风', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(27, '休克', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(28, '喉头水肿', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(29, '剧烈腹痛', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(30, '撕裂样疼', 'zh', '您描述的情况可能危及生命，请立即拨打 120 或前往最近医院的急诊科，不要等待线上回复。', NULL, false, true),
	(31, 'chest pain', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(32, 'chest pressure', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(33, 'pressure in my chest', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(34, 'shortness of breath', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(35, 'short of breath', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(36, 'difficulty breathing', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(37, 'trouble breathing', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(38, 'cannot breathe', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(39, 'can''t breathe', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(40, 'unconscious', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(41, 'passed out', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(42, 'fainted', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(43, 'fainting', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(44, 'lost consciousness', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(45, 'loss of consciousness', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(46, 'seizure', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(47, 'convulsion', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(48, 'anaphylaxis', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(49, 'severe abdominal pain', 'en', 'What you describe may be life-threatening. Call 120 or go to the nearest emergency department now; do not wait for an answer online.', NULL, false, true),
	(50, '口角歪斜', 'zh', '可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。', NULL, false, true),
	(51, '嘴歪', 'zh', '可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。', NULL, false, true),
	(52, '口眼歪斜', 'zh', '可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。', NULL, false, true),
	(53, '半身不遂', 'zh', '可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。', NULL, false, true),
	(54, '偏瘫', 'zh', '可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。', NULL, false, true),
	(55, '一侧肢体无力', 'zh', '可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。', NULL, false, true),
	(56, '半边身子麻', 'zh', '可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。', NULL, false, true),
	(57, '半身麻木', 'zh', '可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。', NULL, false, true),
	(58, '言语不清', 'zh', '可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。', NULL, false, true),
	(59, '说话不清', 'zh', '可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。', NULL, false, true),
	(60, '突然失明', 'zh', '可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。', NULL, false, true),
	(61, '剧烈头痛', 'zh', '可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。', NULL, false, true),
	(62, '突发头痛', 'zh', '可能是脑卒中，越早救治越好：请立即拨打 120，记下发病时间，不要自行服药或进食。', NULL, false, true),
	(63, 'slurred speech', 'en', 'This may be a stroke and every minute counts: call 120 now, note when it began, take no drugs and do not eat.', NULL, false, true),
	(64, 'drooping face', 'en', 'This may be a stroke and every minute counts: call 120 now, note when it began, take no drugs and do not eat.', NULL, false, true),
	(65, 'face is drooping', 'en', 'This may be a stroke and every minute counts: call 120 now, note when it began, take no drugs and do not eat.', NULL, false, true),
	(66, 'facial droop', 'en', 'This may be a stroke and every minute counts: call 120 now, note when it began, take no drugs and do not eat.', NULL, false, true),
	(67, 'weakness on one side', 'en', 'This may be a stroke and every minute counts: call 120 now, note when it began, take no drugs and do not eat.', NULL, false, true),
	(68, 'one-sided weakness', 'en', 'This may be a stroke and every minute counts: call 120 now, note when it began, take no drugs and do not eat.', NULL, false, true),
	(69, 'numb on one side', 'en', 'This may be a stroke and every minute counts: call 120 now, note when it began, take no drugs and do not eat.', NULL, false, true),
	(70, 'paralysis', 'en', 'This may be a stroke and every minute counts: call 120 now, note when it began, take no drugs and do not eat.', NULL, false, true),
	(71, 'sudden loss of vision', 'en', 'This may be a stroke and every minute counts: call 120 now, note when it began, take no drugs and do not eat.', NULL, false, true),
	(72, 'worst headache', 'en', 'This may be a stroke and every minute counts: call 120 now, note when it began, take no drugs and do not eat.', NULL, false, true),
	(73, 'thunderclap headache', 'en', 'This may be a stroke and every minute counts: call 120 now, note when it began, take no drugs and do not eat.', NULL, false, true),
	(74, '自杀', 'zh', '您不必独自承受。请马上告诉身边的人陪着您，拨打全国统一心理援助热线 12356；有危险时请拨打 120 或 110。', NULL, false, true),
	(75, '自残', 'zh', '您不必独自承受。请马上告诉身边的人陪着您，拨打全国统一心理援助热线 12356；有危险时请拨打 120 或 110。', NULL, false, true),
	(76, '轻生', 'zh', '您不必独自承受。请马上告诉身边的人陪着您，拨打全国统一心理援助热线 12356；有危险时请拨打 120 或 110。', NULL, false, true),
	(77, '不想活', 'zh', '您不必独自承受。请马上告诉身边的人陪着您，拨打全国统一心理援助热线 12356；有危险时请拨打 120 或 110。', NULL, false, true),
	(78, '想死', 'zh', '您不必独自承受。请马上告诉身边的人陪着您，拨打全国统一心理援助热线 12356；有危险时请拨打 120 或 110。', NULL, false, true),
	(79, '结束生命', 'zh', '您不必独自承受。请马上告诉身边的人陪着您，拨打全国统一心理援助热线 12356；有危险时请拨打 120 或 110。', NULL, false, true),
	(80, '活不下去', 'zh', '您不必独自承受。请马上告诉身边的人陪着您，拨打全国统一心理援助热线 12356；有危险时请拨打 120 或 110。', NULL, false, true),
	(81, 'suicide', 'en', 'You need not bear this alone. Tell somebody near you now and call the mental health line 12356; in danger call 120 or 110.', NULL, false, true),
	(82, 'suicidal', 'en', 'You need not bear this alone. Tell somebody near you now and call the mental health line 12356; in danger call 120 or 110.', NULL, false, true),
	(83, 'kill myself', 'en', 'You need not bear this alone. Tell somebody near you now and call the mental health line 12356; in danger call 120 or 110.', NULL, false, true),
	(84, 'end my life', 'en', 'You need not bear this alone. Tell somebody near you now and call the mental health line 12356; in danger call 120 or 110.', NULL, false, true),
	(85, 'want to die', 'en', 'You need not bear this alone. Tell somebody near you now and call the mental health line 12356; in danger call 120 or 110.', NULL, false, true),
	(86, 'self-harm', 'en', 'You need not bear this alone. Tell somebody near you now and call the mental health line 12356; in danger call 120 or 110.', NULL, false, true),
	(87, 'harm myself', 'en', 'You need not bear this alone. Tell somebody near you now and call the mental health line 12356; in danger call 120 or 110.', NULL, false, true),
	(88, '大出血', 'zh', '出血可能很危险，请立即前往最近医院的急诊科；出血不止、头晕或出冷汗时请拨打 120。', NULL, false, true),
	(89, '大量出血', 'zh', '出血可能很危险，请立即前往最近医院的急诊科；出血不止、头晕或出冷汗时请拨打 120。', NULL, false, true),
	(90, '出血不止', 'zh', '出血可能很危险，请立即前往最近医院的急诊科；出血不止、头晕或出冷汗时请拨打 120。', NULL, false, true),
	(91, '血流不止', 'zh', '出血可能很危险，请立即前往最近医院的急诊科；出血不止、头晕或出冷汗时请拨打 120。', NULL, false, true),
	(92, '吐血', 'zh', '出血可能很危险，请立即前往最近医院的急诊科；出血不止、头晕或出冷汗时请拨打 120。', NULL, false, true),
	(93, '呕血', 'zh', '出血可能很危险，请立即前往最近医院的急诊科；出血不止、头晕或出冷汗时请拨打 120。', NULL, false, true),
	(94, '咯血', 'zh', '出血可能很危险，请立即前往最近医院的急诊科；出血不止、头晕或出冷汗时请拨打 120。', NULL, false, true),
	(95, '咳血', 'zh', '出血可能很危险，请立即前往最近医院的急诊科；出血不止、头晕或出冷汗时请拨打 120。', NULL, false, true),
	(96, '便血', 'zh', '出血可能很危险，请立即前往最近医院的急诊科；出血不止、头晕或出冷汗时请拨打 120。', NULL, false, true),
	(97, '黑便', 'zh', '出血可能很危险，请立即前往最近医院的急诊科；出血不止、头晕或出冷汗时请拨打 120。', NULL, false, true),
	(98, '柏油样便', 'zh', '出血可能很危险，请立即前往最近医院的急诊科；出血不止、头晕或出冷汗时请拨打 120。', NULL, false, true),
	(99, 'heavy bleeding', 'en', 'Bleeding can be dangerous. Go to the nearest emergency department now; call 120 when it does not stop, or with dizziness or cold sweat.', NULL, false, true),
	(100, 'bleeding heavily', 'en', 'Bleeding can be dangerous. Go to the nearest emergency department now; call 120 when it does not stop, or with dizziness or cold sweat.', NULL, false, true),
	(101, 'bleeding won''t stop', 'en', 'Bleeding can be dangerous. Go to the nearest emergency department now; call 120 when it does not stop, or with dizziness or cold sweat.', NULL, false, true),
	(102, 'vomiting blood', 'en', 'Bleeding can be dangerous. Go to the nearest emergency department now; call 120 when it does not stop, or with dizziness or cold sweat.', NULL, false, true),
	(103, 'coughing up blood', 'en', 'Bleeding can be dangerous. Go to the nearest emergency department now; call 120 when it does not stop, or with dizziness or cold sweat.', NULL, false, true),
	(104, 'blood in my stool', 'en', 'Bleeding can be dangerous. Go to the nearest emergency department now; call 120 when it does not stop, or with dizziness or cold sweat.', NULL, false, true),
	(105, 'blood in stool', 'en', 'Bleeding can be dangerous. Go to the nearest emergency department now; call 120 when it does not stop, or with dizziness or cold sweat.', NULL, false, true),
	(106, 'black stool', 'en', 'Bleeding can be dangerous. Go to the nearest emergency department now; call 120 when it does not stop, or with dizziness or cold sweat.', NULL, false, true),
	(107, '中毒', 'zh', '请立即拨打 120，带上误服物品或药品的包装前往急诊，不要自行催吐。', NULL, false, true),
	(108, '误服', 'zh', '请立即拨打 120，带上误服物品或药品的包装前往急诊，不要自行催吐。', NULL, false, true),
	(109, '喝农药', 'zh', '请立即拨打 120，带上误服物品或药品的包装前往急诊，不要自行催吐。', NULL, false, true),
	(110, '服农药', 'zh', '请立即拨打 120，带上误服物品或药品的包装前往急诊，不要自行催吐。', NULL, false, true),
	(111, '过量服药', 'zh', '请立即拨打 120，带上误服物品或药品的包装前往急诊，不要自行催吐。', NULL, false, true),
	(112, 'poisoned', 'en', 'Call 120 now and take the package to the emergency department. Do not make yourself sick.', NULL, false, true),
	(113, 'poisoning', 'en', 'Call 120 now and take the package to the emergency department. Do not make yourself sick.', NULL, false, true),
	(114, 'overdose', 'en', 'Call 120 now and take the package to the emergency department. Do not make yourself sick.', NULL, false, true),
	(115, 'swallowed a battery', 'en', 'Call 120 now and take the package to the emergency department. Do not make yourself sick.', NULL, false, true),
	(116, '出血', 'zh', '孕期出现这种情况请立即前往有产科的医院急诊，途中保持平卧，必要时拨打 120。', NULL, true, true),
	(117, '见红', 'zh', '孕期出现这种情况请立即前往有产科的医院急诊，途中保持平卧，必要时拨打 120。', NULL, true, true),
	(118, '破水', 'zh', '孕期出现这种情况请立即前往有产科的医院急诊，途中保持平卧，必要时拨打 120。', NULL, true, true),
	(119, '腹痛', 'zh', '孕期出现这种情况请立即前往有产科的医院急诊，途中保持平卧，必要时拨打 120。', NULL, true, true),
	(120, '肚子痛', 'zh', '孕期出现这种情况请立即前往有产科的医院急诊，途中保持平卧，必要时拨打 120。', NULL, true, true),
	(121, '胎动减少', 'zh', '孕期出现这种情况请立即前往有产科的医院急诊，途中保持平卧，必要时拨打 120。', NULL, true, true),
	(122, '胎动消失', 'zh', '孕期出现这种情况请立即前往有产科的医院急诊，途中保持平卧，必要时拨打 120。', NULL, true, true),
	(123, '没有胎动', 'zh', '孕期出现这种情况请立即前往有产科的医院急诊，途中保持平卧，必要时拨打 120。', NULL, true, true),
	(124, 'bleeding', 'en', 'During pregnancy this needs a hospital with obstetrics now. Lie down on the way; call 120 if needed.', NULL, true, true),
	(125, 'water broke', 'en', 'During pregnancy this needs a hospital with obstetrics now. Lie down on the way; call 120 if needed.', NULL, true, true),
	(126, 'abdominal pain', 'en', 'During pregnancy this needs a hospital with obstetrics now. Lie down on the way; call 120 if needed.', NULL, true, true),
	(127, 'less fetal movement', 'en', 'During pregnancy this needs a hospital with obstetrics now. Lie down on the way; call 120 if needed.', NULL, true, true),
	(128, 'no fetal movement', 'en', 'During pregnancy this needs a hospital with obstetrics now. Lie down on the way; call 120 if needed.', NULL, true, true),
	(129, '高烧', 'zh', '小婴儿和幼儿发热变化快，请尽快带孩子到医院儿科急诊，不要等待线上回复。', 36, false, true),
	(130, '高热', 'zh', '小婴儿和幼儿发热变化快，请尽快带孩子到医院儿科急诊，不要等待线上回复。', 36, false, true),
	(131, '39度', 'zh', '小婴儿和幼儿发热变化快，请尽快带孩子到医院儿科急诊，不要等待线上回复。', 36, false, true),
	(132, '40度', 'zh', '小婴儿和幼儿发热变化快，请尽快带孩子到医院儿科急诊，不要等待线上回复。', 36, false, true),
	(133, 'high fever', 'en', 'Fever in small children changes fast. Take the child to a children''s emergency department now; do not wait for an answer online.', 36, false, true),
	(134, '发烧', 'zh', '小婴儿和幼儿发热变化快，请尽快带孩子到医院儿科急诊，不要等待线上回复。', 3, false, true),
	(135, '发热', 'zh', '小婴儿和幼儿发热变化快，请尽快带孩子到医院儿科急诊，不要等待线上回复。', 3, false, true),
	(136, 'fever', 'en', 'Fever in small children changes fast. Take the child to a children''s emergency department now; do not wait for an answer online.', 3, false, true),
	(137, '38度', 'zh', '小婴儿和幼儿发热变化快，请尽快带孩子到医院儿科急诊，不要等待线上回复。', 3, false, true);




















































INSERT INTO public.customer_service_team (id, public_id, created_at, code, name_zh, name_en, is_active, is_default, first_reply_target, resolution_target, positions_changed, fallback_id) VALUES
	(1, '01a21a3f-fb46-70f8-868f-0bcac180e31d', now(), 'general', '综合客服', 'General service', true, true, '00:01:00', '00:30:00', false, NULL);
























































INSERT INTO public.patients_consenttext (id, public_id, created_at, kind, version, title_zh, title_en, body_zh, body_en, effective_from) VALUES
	(1, '01a21a3e-dce8-7119-8cf9-bc7b0e80cf8c', now(), 'service', 1, '在线问诊知情同意书', 'Consent to an online consultation', '一、在线问诊由具备执业资格的医师通过图文等方式进行，医师无法当面检查，意见仅以您提供的信息为依据。
二、在线问诊适用于常见病、慢性病的复诊和健康咨询，不适用于急危重症。出现剧烈疼痛、呼吸困难、意识改变、大出血等情况，请立即拨打 120 或前往就近医院。
三、请如实提供病史、过敏史、用药情况和检查资料。隐瞒或提供不实信息可能影响诊疗安全。
四、医师认为不适合在线问诊时，可以终止服务并建议线下就诊，费用按平台退款规则处理。
五、您可以随时撤回本同意。医师接诊前撤回的，本次问诊终止并全额退款；医师接诊后撤回的，不再受理新的问诊，已进行的问诊及其病历依法保存。', '1. A licensed physician advises you in writing. He cannot examine you in person and relies on what you tell him.
2. Online consultations serve return visits for common and chronic illness, and health advice. They are not for emergencies: with severe pain, shortness of breath, a change of consciousness or heavy bleeding call 120 or go to the nearest hospital at once.
3. Tell your history, allergies, medicines and findings truthfully. What is left out or wrong can harm you.
4. A physician who finds that you must be seen in person may end the service and send you to a hospital; the money follows the refund rules.
5. You may withdraw this consent at any time. Before a physician has accepted, the consultation ends and all money goes back. Afterwards no new consultation is taken; the one that was given and its record are kept as the law demands.', now()),
	(2, '01a21a3e-dcea-7a8d-8820-3f64e4b309dd', now(), 'health_data', 1, '健康信息处理单独同意书', 'Separate consent to the use of health data', '一、为提供问诊服务，我们需要处理您的敏感个人信息：姓名、身份证号、病情描述、病史、舌面照片、检查资料、诊断和处方。
二、这些信息仅向为您服务的医师、药师及依法履行监管职责的部门提供，不用于广告或其他目的。
三、身份证号加密保存，仅用于实名核验；核验只保留结果。病历至少保存十五年，问诊对话至少保存三年，期满后删除。
四、您可以查阅、复制、更正您的信息，也可以随时撤回本同意。撤回不影响撤回前已进行的处理；依法必须保存的病历不因撤回而删除。
五、不同意处理健康信息的，我们无法提供问诊服务，但不影响您使用其他功能。', '1. To advise you we process sensitive data: name, ID number, complaint, history, pictures of tongue and face, findings, diagnoses and prescriptions.
2. They are shown to the physicians and pharmacists who serve you and to authorities the law names. They are not used for advertising or anything else.
3. The ID number is stored encrypted and serves the check of your name alone, of which only the result is kept. Records are kept for fifteen years at least, the conversation for three; then they are deleted.
4. You may read, copy and correct your data and withdraw this consent at any time. What was done before stays lawful, and records that the law wants kept are not deleted by it.
5. Without this consent no consultation can be given; everything else stays open to you.', now()),
	(3, '01a21a3e-dceb-79c6-9963-f9239a03e2f4', now(), 'guardian', 1, '未满十四周岁未成年人监护人同意书', 'Consent of the guardian of a child under fourteen', '一、本人是该未成年人的父母或者其他监护人，有权代其作出同意。
二、本人同意为该未成年人提供在线问诊服务，并同意处理其个人信息和健康信息。未满十四周岁未成年人的个人信息属于敏感个人信息，按专门规则处理。
三、问诊过程中由监护人陪同并代为陈述。六周岁以下儿童，须有监护人陪同，由相应专业的医师接诊。
四、本人可以随时撤回本同意，撤回的后果与在线问诊知情同意书所述相同。', '1. I am a parent or another guardian of this child and may consent for it.
2. I agree that the child is advised online and that its personal and health data are processed. The data of children under fourteen are sensitive and have rules of their own.
3. A guardian is present and speaks for the child. Children under six are seen with a guardian beside them, by a physician of a suitable department.
4. I may withdraw this consent at any time, with the consequences told in the consent to an online consultation.', now());








































































































SELECT pg_catalog.setval('public.auth_group_id_seq', 8, true);




SELECT pg_catalog.setval('public.consultations_redflag_id_seq', 137, true);


SELECT pg_catalog.setval('public.customer_service_team_id_seq', 1, true);




SELECT pg_catalog.setval('public.patients_consenttext_id_seq', 3, true);


ALTER TABLE ONLY public.accounts_devicesession
    ADD CONSTRAINT accounts_devicesession_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.accounts_devicesession
    ADD CONSTRAINT accounts_devicesession_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.accounts_onetimecode
    ADD CONSTRAINT accounts_onetimecode_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.accounts_recoverycode
    ADD CONSTRAINT accounts_recoverycode_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.accounts_secondfactor
    ADD CONSTRAINT accounts_secondfactor_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.accounts_secondfactor
    ADD CONSTRAINT accounts_secondfactor_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.accounts_secondfactor
    ADD CONSTRAINT accounts_secondfactor_user_id_key UNIQUE (user_id);


ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_user_id_group_id_59c0b32f_uniq UNIQUE (user_id, group_id);


ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT accounts_user_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_permi_user_id_permission_id_2ab516c2_uniq UNIQUE (user_id, permission_id);


ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_permissions_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.accounts_userhistory
    ADD CONSTRAINT accounts_userhistory_pkey PRIMARY KEY (pgh_id);


ALTER TABLE ONLY public.appointments_appointmenttype_branches
    ADD CONSTRAINT appointments_appointment_appointmenttype_id_branc_dfb8801d_uniq UNIQUE (appointmenttype_id, branch_id);


ALTER TABLE ONLY public.appointments_appointmenttype_doctors
    ADD CONSTRAINT appointments_appointment_appointmenttype_id_docto_ea9a30de_uniq UNIQUE (appointmenttype_id, doctor_id);


ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appointment_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appointment_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.appointments_appointmentstep
    ADD CONSTRAINT appointments_appointmentstep_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.appointments_appointmenttype_branches
    ADD CONSTRAINT appointments_appointmenttype_branches_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.appointments_appointmenttype
    ADD CONSTRAINT appointments_appointmenttype_code_key UNIQUE (code);


ALTER TABLE ONLY public.appointments_appointmenttype_doctors
    ADD CONSTRAINT appointments_appointmenttype_doctors_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.appointments_appointmenttype
    ADD CONSTRAINT appointments_appointmenttype_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.appointments_appointmenttype
    ADD CONSTRAINT appointments_appointmenttype_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.appointments_calendarfeed
    ADD CONSTRAINT appointments_calendarfeed_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.appointments_calendarfeed
    ADD CONSTRAINT appointments_calendarfeed_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.appointments_calendarfeed
    ADD CONSTRAINT appointments_calendarfeed_secret_hash_key UNIQUE (secret_hash);


ALTER TABLE ONLY public.appointments_calendarmove
    ADD CONSTRAINT appointments_calendarmove_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.appointments_offer
    ADD CONSTRAINT appointments_offer_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.appointments_reminder
    ADD CONSTRAINT appointments_reminder_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);


ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);


ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);


ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_billrow
    ADD CONSTRAINT bill_row_once UNIQUE (run_id, kind, number);


ALTER TABLE ONLY public.doctors_branchhours
    ADD CONSTRAINT branch_hours_do_not_overlap EXCLUDE USING gist (int8range(branch_id, branch_id, '[]'::text) WITH &&, int4range(((weekday * 1440) + start_minute), ((weekday * 1440) + end_minute)) WITH &&, daterange(valid_from, valid_until, '[]'::text) WITH &&);


ALTER TABLE ONLY public.doctors_calendarday
    ADD CONSTRAINT calendar_days_do_not_overlap EXCLUDE USING gist (int8range(COALESCE(doctor_id, (- branch_id), (0)::bigint), COALESCE(doctor_id, (- branch_id), (0)::bigint), '[]'::text) WITH &&, daterange(date, date, '[]'::text) WITH &&, int4range((start_minute)::integer, (end_minute)::integer) WITH &&);


ALTER TABLE ONLY public.chat_conversation
    ADD CONSTRAINT chat_conversation_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.chat_conversation
    ADD CONSTRAINT chat_conversation_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.chat_conversation
    ADD CONSTRAINT chat_conversation_topic_key UNIQUE (topic);


ALTER TABLE ONLY public.chat_member
    ADD CONSTRAINT chat_member_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.chat_message
    ADD CONSTRAINT chat_message_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.chat_message
    ADD CONSTRAINT chat_message_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.chat_messagerevision
    ADD CONSTRAINT chat_messagerevision_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.chat_messagewords
    ADD CONSTRAINT chat_messagewords_pkey PRIMARY KEY (message_id);


ALTER TABLE ONLY public.chat_pace
    ADD CONSTRAINT chat_pace_pkey PRIMARY KEY (user_id);


ALTER TABLE ONLY public.chat_watermarkmove
    ADD CONSTRAINT chat_watermarkmove_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.chat_wordsmark
    ADD CONSTRAINT chat_wordsmark_pkey PRIMARY KEY (conversation_id);


ALTER TABLE ONLY public.complaints_compensation
    ADD CONSTRAINT complaints_compensation_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.complaints_compensation
    ADD CONSTRAINT complaints_compensation_request_id_key UNIQUE (request_id);


ALTER TABLE ONLY public.complaints_complaint
    ADD CONSTRAINT complaints_complaint_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.complaints_complaint
    ADD CONSTRAINT complaints_complaint_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.complaints_complaintalert
    ADD CONSTRAINT complaints_complaintalert_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.complaints_complaintfile
    ADD CONSTRAINT complaints_complaintfile_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.complaints_complaintnote
    ADD CONSTRAINT complaints_complaintnote_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.complaints_complaintnote
    ADD CONSTRAINT complaints_complaintnote_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.complaints_complaintstep
    ADD CONSTRAINT complaints_complaintstep_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.complaints_qualityentry
    ADD CONSTRAINT complaints_qualityentry_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.complaints_sanction
    ADD CONSTRAINT complaints_sanction_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.complaints_sanction
    ADD CONSTRAINT complaints_sanction_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.patients_consenttext
    ADD CONSTRAINT consent_text_version_once UNIQUE (kind, version);


ALTER TABLE ONLY public.patients_consentuse
    ADD CONSTRAINT consent_used_once_per_case UNIQUE (consultation_public_id, consent_id);


ALTER TABLE ONLY public.consultations_assignment
    ADD CONSTRAINT consultations_assignment_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_assignmentattempt
    ADD CONSTRAINT consultations_assignmentattempt_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_callleg
    ADD CONSTRAINT consultations_callleg_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_callleg
    ADD CONSTRAINT consultations_callleg_provider_call_key UNIQUE (provider_call);


ALTER TABLE ONLY public.consultations_consultation
    ADD CONSTRAINT consultations_consultation_conversation_id_key UNIQUE (conversation_id);


ALTER TABLE ONLY public.consultations_consultation
    ADD CONSTRAINT consultations_consultation_order_id_key UNIQUE (order_id);


ALTER TABLE ONLY public.consultations_consultation
    ADD CONSTRAINT consultations_consultation_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_consultation
    ADD CONSTRAINT consultations_consultation_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.consultations_consultationevent
    ADD CONSTRAINT consultations_consultationevent_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_doctorpush
    ADD CONSTRAINT consultations_doctorpush_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_extraplace
    ADD CONSTRAINT consultations_extraplace_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_followup
    ADD CONSTRAINT consultations_followup_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_followup
    ADD CONSTRAINT consultations_followup_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.consultations_hold
    ADD CONSTRAINT consultations_hold_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_intakefile
    ADD CONSTRAINT consultations_intakefile_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_intakesheet
    ADD CONSTRAINT consultations_intakesheet_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_nudge
    ADD CONSTRAINT consultations_nudge_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_phonecall
    ADD CONSTRAINT consultations_phonecall_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_phonecall
    ADD CONSTRAINT consultations_phonecall_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.consultations_raisedflag
    ADD CONSTRAINT consultations_raisedflag_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_redflag
    ADD CONSTRAINT consultations_redflag_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_revisitcheck
    ADD CONSTRAINT consultations_revisitcheck_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_staffcare
    ADD CONSTRAINT consultations_staffcare_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_transfer
    ADD CONSTRAINT consultations_transfer_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.consultations_transfer
    ADD CONSTRAINT consultations_transfer_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.core_auditentry
    ADD CONSTRAINT core_auditentry_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.core_idempotencyrecord
    ADD CONSTRAINT core_idempotencyrecord_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.core_jobrun
    ADD CONSTRAINT core_jobrun_pkey PRIMARY KEY (task);


ALTER TABLE ONLY public.core_outboxevent
    ADD CONSTRAINT core_outboxevent_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.core_ratecounter
    ADD CONSTRAINT core_ratecounter_pkey PRIMARY KEY (key);


ALTER TABLE ONLY public.doctors_credentialalert
    ADD CONSTRAINT credential_alert_told_once UNIQUE (credential_id, days);


ALTER TABLE ONLY public.doctors_credentialstep
    ADD CONSTRAINT credential_leaves_a_state_once UNIQUE (credential_id, from_state);


ALTER TABLE ONLY public.customer_service_agent
    ADD CONSTRAINT customer_service_agent_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_agent
    ADD CONSTRAINT customer_service_agent_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.customer_service_agent_teams
    ADD CONSTRAINT customer_service_agent_teams_agent_id_team_id_a995ad33_uniq UNIQUE (agent_id, team_id);


ALTER TABLE ONLY public.customer_service_agent_teams
    ADD CONSTRAINT customer_service_agent_teams_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_agent
    ADD CONSTRAINT customer_service_agent_user_id_key UNIQUE (user_id);


ALTER TABLE ONLY public.customer_service_agentstatuschange
    ADD CONSTRAINT customer_service_agentstatuschange_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_cannedreply
    ADD CONSTRAINT customer_service_cannedreply_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_cannedreply
    ADD CONSTRAINT customer_service_cannedreply_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.customer_service_chatdraft
    ADD CONSTRAINT customer_service_chatdraft_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_chatmove
    ADD CONSTRAINT customer_service_chatmove_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_handling
    ADD CONSTRAINT customer_service_handling_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_leftmessage
    ADD CONSTRAINT customer_service_leftmessage_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_leftmessage
    ADD CONSTRAINT customer_service_leftmessage_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.customer_service_macro
    ADD CONSTRAINT customer_service_macro_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_macro
    ADD CONSTRAINT customer_service_macro_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.customer_service_macro_tags
    ADD CONSTRAINT customer_service_macro_tags_macro_id_tag_id_5629fa6b_uniq UNIQUE (macro_id, tag_id);


ALTER TABLE ONLY public.customer_service_macro_tags
    ADD CONSTRAINT customer_service_macro_tags_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_note
    ADD CONSTRAINT customer_service_note_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_note
    ADD CONSTRAINT customer_service_note_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.customer_service_qualitycheck
    ADD CONSTRAINT customer_service_qualitycheck_chat_id_key UNIQUE (chat_id);


ALTER TABLE ONLY public.customer_service_qualitycheck
    ADD CONSTRAINT customer_service_qualitycheck_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_servicechat_tags
    ADD CONSTRAINT customer_service_service_servicechat_id_tag_id_af4df0ec_uniq UNIQUE (servicechat_id, tag_id);


ALTER TABLE ONLY public.customer_service_servicechat
    ADD CONSTRAINT customer_service_servicechat_conversation_id_key UNIQUE (conversation_id);


ALTER TABLE ONLY public.customer_service_servicechat
    ADD CONSTRAINT customer_service_servicechat_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_servicechat
    ADD CONSTRAINT customer_service_servicechat_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.customer_service_servicechat_tags
    ADD CONSTRAINT customer_service_servicechat_tags_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_slatimer
    ADD CONSTRAINT customer_service_slatimer_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_sweepclock
    ADD CONSTRAINT customer_service_sweepclock_pkey PRIMARY KEY (name);


ALTER TABLE ONLY public.customer_service_tag
    ADD CONSTRAINT customer_service_tag_name_en_key UNIQUE (name_en);


ALTER TABLE ONLY public.customer_service_tag
    ADD CONSTRAINT customer_service_tag_name_zh_key UNIQUE (name_zh);


ALTER TABLE ONLY public.customer_service_tag
    ADD CONSTRAINT customer_service_tag_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_team
    ADD CONSTRAINT customer_service_team_code_key UNIQUE (code);


ALTER TABLE ONLY public.customer_service_team
    ADD CONSTRAINT customer_service_team_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_team
    ADD CONSTRAINT customer_service_team_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.customer_service_teamday
    ADD CONSTRAINT customer_service_teamday_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.customer_service_teamhours
    ADD CONSTRAINT customer_service_teamhours_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.django_celery_beat_clockedschedule
    ADD CONSTRAINT django_celery_beat_clockedschedule_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.django_celery_beat_crontabschedule
    ADD CONSTRAINT django_celery_beat_crontabschedule_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.django_celery_beat_intervalschedule
    ADD CONSTRAINT django_celery_beat_intervalschedule_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.django_celery_beat_periodictask
    ADD CONSTRAINT django_celery_beat_periodictask_name_key UNIQUE (name);


ALTER TABLE ONLY public.django_celery_beat_periodictask
    ADD CONSTRAINT django_celery_beat_periodictask_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.django_celery_beat_periodictasks
    ADD CONSTRAINT django_celery_beat_periodictasks_pkey PRIMARY KEY (ident);


ALTER TABLE ONLY public.django_celery_beat_solarschedule
    ADD CONSTRAINT django_celery_beat_solar_event_latitude_longitude_ba64999a_uniq UNIQUE (event, latitude, longitude);


ALTER TABLE ONLY public.django_celery_beat_solarschedule
    ADD CONSTRAINT django_celery_beat_solarschedule_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);


ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);


ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT doctor_is_not_double_booked EXCLUDE USING gist (int8range(doctor_id, doctor_id, '[]'::text) WITH &&, seats WITH &&, tstzrange(busy_from, busy_until) WITH &&) WHERE (((state)::text = ANY ((ARRAY['offered'::character varying, 'held'::character varying, 'pending'::character varying, 'confirmed'::character varying, 'in_progress'::character varying])::text[])));


ALTER TABLE ONLY public.doctors_branch
    ADD CONSTRAINT doctors_branch_code_key UNIQUE (code);


ALTER TABLE ONLY public.doctors_branch
    ADD CONSTRAINT doctors_branch_name_key UNIQUE (name);


ALTER TABLE ONLY public.doctors_branch
    ADD CONSTRAINT doctors_branch_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.doctors_branch
    ADD CONSTRAINT doctors_branch_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.doctors_branchhours
    ADD CONSTRAINT doctors_branchhours_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.doctors_branchhours
    ADD CONSTRAINT doctors_branchhours_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.doctors_calendarday
    ADD CONSTRAINT doctors_calendarday_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.doctors_calendarday
    ADD CONSTRAINT doctors_calendarday_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.doctors_credential
    ADD CONSTRAINT doctors_credential_back_id_key UNIQUE (back_id);


ALTER TABLE ONLY public.doctors_credential
    ADD CONSTRAINT doctors_credential_front_id_key UNIQUE (front_id);


ALTER TABLE ONLY public.doctors_credential
    ADD CONSTRAINT doctors_credential_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.doctors_credential
    ADD CONSTRAINT doctors_credential_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.doctors_credentialalert
    ADD CONSTRAINT doctors_credentialalert_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.doctors_credentialstep
    ADD CONSTRAINT doctors_credentialstep_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.doctors_department
    ADD CONSTRAINT doctors_department_code_key UNIQUE (code);


ALTER TABLE ONLY public.doctors_department
    ADD CONSTRAINT doctors_department_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.doctors_department
    ADD CONSTRAINT doctors_department_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.doctors_doctor
    ADD CONSTRAINT doctors_doctor_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.doctors_doctor
    ADD CONSTRAINT doctors_doctor_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.doctors_doctor
    ADD CONSTRAINT doctors_doctor_user_id_key UNIQUE (user_id);


ALTER TABLE ONLY public.doctors_doctorhistory
    ADD CONSTRAINT doctors_doctorhistory_pkey PRIMARY KEY (pgh_id);


ALTER TABLE ONLY public.doctors_doctorpresence
    ADD CONSTRAINT doctors_doctorpresence_pkey PRIMARY KEY (doctor_id);


ALTER TABLE ONLY public.doctors_identitycheck
    ADD CONSTRAINT doctors_identitycheck_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.doctors_leave
    ADD CONSTRAINT doctors_leave_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.doctors_leave
    ADD CONSTRAINT doctors_leave_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.doctors_servicehours
    ADD CONSTRAINT doctors_servicehours_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.doctors_workrule
    ADD CONSTRAINT doctors_workrule_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.doctors_workrule
    ADD CONSTRAINT doctors_workrule_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.patients_identitydocumentstep
    ADD CONSTRAINT document_leaves_a_state_once UNIQUE (document_id, from_state);


ALTER TABLE ONLY public.files_storedfile
    ADD CONSTRAINT files_storedfile_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.files_storedfile
    ADD CONSTRAINT files_storedfile_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.files_storedfile
    ADD CONSTRAINT files_storedfile_stored_as_key UNIQUE (stored_as);


ALTER TABLE ONLY public.payments_gatewayevent
    ADD CONSTRAINT gateway_event_once UNIQUE (merchant_id, dedup_key);


ALTER TABLE ONLY public.core_idempotencyrecord
    ADD CONSTRAINT idempotency_once_per_key UNIQUE (user_id, operation, key);


ALTER TABLE ONLY public.doctors_leave
    ADD CONSTRAINT leaves_do_not_overlap EXCLUDE USING gist (int8range(doctor_id, doctor_id, '[]'::text) WITH &&, tstzrange(starts_at, ends_at) WITH &&) WHERE ((cancelled_at IS NULL));


ALTER TABLE ONLY public.payments_merchantconfig
    ADD CONSTRAINT merchant_once UNIQUE (provider, merchant_number, app_id);


ALTER TABLE ONLY public.notifications_notice
    ADD CONSTRAINT notifications_notice_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.notifications_notice
    ADD CONSTRAINT notifications_notice_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.payments_offlineproof
    ADD CONSTRAINT offline_proof_once UNIQUE (kind, reference);


ALTER TABLE ONLY public.accounts_user
    ADD CONSTRAINT one_account_per_phone UNIQUE (phone);


ALTER TABLE ONLY public.records_recordaddendum
    ADD CONSTRAINT one_addendum_per_position UNIQUE (record_id, "position");


ALTER TABLE ONLY public.complaints_complaintalert
    ADD CONSTRAINT one_alert_per_deadline_round_and_told UNIQUE (complaint_id, round, deadline, told);


ALTER TABLE ONLY public.relations_broadcast
    ADD CONSTRAINT one_broadcast_per_place_of_the_day UNIQUE (doctor_id, day, place);


ALTER TABLE ONLY public.customer_service_cannedreply
    ADD CONSTRAINT one_canned_reply_per_shortcut UNIQUE NULLS NOT DISTINCT (shortcut, team_id, owner_id);


ALTER TABLE ONLY public.complaints_compensation
    ADD CONSTRAINT one_compensation_per_round UNIQUE (complaint_id, round);


ALTER TABLE ONLY public.complaints_complaintfile
    ADD CONSTRAINT one_complaint_per_file UNIQUE (file_id);


ALTER TABLE ONLY public.relations_delivery
    ADD CONSTRAINT one_delivery_per_broadcast_and_patient UNIQUE (broadcast_id, relation_id);


ALTER TABLE ONLY public.records_recorddiagnosis
    ADD CONSTRAINT one_diagnosis_per_code UNIQUE (record_id, entry_id);


ALTER TABLE ONLY public.records_recorddiagnosis
    ADD CONSTRAINT one_diagnosis_per_position UNIQUE (record_id, "position");


ALTER TABLE ONLY public.customer_service_chatdraft
    ADD CONSTRAINT one_draft_per_chat_and_mode UNIQUE (chat_id, agent_id, mode);


ALTER TABLE ONLY public.records_diagnosiscode
    ADD CONSTRAINT one_entry_per_code_and_edition UNIQUE (system, edition, code);


ALTER TABLE ONLY public.privacy_dataexport
    ADD CONSTRAINT one_export_per_place_of_the_day UNIQUE (account_id, day, place);


ALTER TABLE ONLY public.consultations_intakefile
    ADD CONSTRAINT one_file_per_intake UNIQUE (sheet_id, file_id);


ALTER TABLE ONLY public.chat_messagerevision
    ADD CONSTRAINT one_former_text_per_revision UNIQUE (message_id, replaced_rev);


ALTER TABLE ONLY public.relations_patientgroup
    ADD CONSTRAINT one_group_per_name UNIQUE (doctor_id, name_key);


ALTER TABLE ONLY public.relations_patientgroup
    ADD CONSTRAINT one_group_per_place UNIQUE (doctor_id, place);


ALTER TABLE ONLY public.consultations_intakesheet
    ADD CONSTRAINT one_intake_per_version UNIQUE (consultation_id, version);


ALTER TABLE ONLY public.privacy_batchitem
    ADD CONSTRAINT one_item_per_account UNIQUE (batch_id, account_id);


ALTER TABLE ONLY public.chat_message
    ADD CONSTRAINT one_message_per_attachment UNIQUE (attachment_id);


ALTER TABLE ONLY public.chat_message
    ADD CONSTRAINT one_message_per_number UNIQUE (conversation_id, seq);


ALTER TABLE ONLY public.chat_message
    ADD CONSTRAINT one_message_per_revision UNIQUE (conversation_id, rev);


ALTER TABLE ONLY public.customer_service_note
    ADD CONSTRAINT one_note_per_number UNIQUE (chat_id, number);


ALTER TABLE ONLY public.consultations_nudge
    ADD CONSTRAINT one_nudge_per_round_and_doctor UNIQUE NULLS NOT DISTINCT (consultation_id, number, doctor_id);


ALTER TABLE ONLY public.appointments_offer
    ADD CONSTRAINT one_offer_of_a_place UNIQUE (appointment_id, doctor_id, starts_at);


ALTER TABLE ONLY public.customer_service_teamhours
    ADD CONSTRAINT one_opening_per_team_and_time UNIQUE (team_id, weekday, opens);


ALTER TABLE ONLY public.consultations_doctorpush
    ADD CONSTRAINT one_push_of_a_kind UNIQUE (consultation_id, doctor_id, kind);


ALTER TABLE ONLY public.consultations_raisedflag
    ADD CONSTRAINT one_raised_flag_per_word UNIQUE (sheet_id, word);


ALTER TABLE ONLY public.records_medicalrecord
    ADD CONSTRAINT one_record_per_care UNIQUE (subject_kind, subject_public_id);


ALTER TABLE ONLY public.consultations_redflag
    ADD CONSTRAINT one_red_flag_per_word UNIQUE NULLS NOT DISTINCT (word, below_months, only_pregnant);


ALTER TABLE ONLY public.relations_relation
    ADD CONSTRAINT one_relation_per_doctor_and_patient UNIQUE (doctor_id, patient_id);


ALTER TABLE ONLY public.appointments_reminder
    ADD CONSTRAINT one_reminder_per_appointment_and_time UNIQUE (appointment_id, before);


ALTER TABLE ONLY public.reviews_review
    ADD CONSTRAINT one_review_per_author_and_target UNIQUE (author_id, target_kind, target_public_id);


ALTER TABLE ONLY public.relations_invitescan
    ADD CONSTRAINT one_scan_row_per_invite_and_patient UNIQUE (invite_id, patient_id);


ALTER TABLE ONLY public.relations_groupmember
    ADD CONSTRAINT one_seat_per_group_and_relation UNIQUE (group_id, relation_id);


ALTER TABLE ONLY public.chat_member
    ADD CONSTRAINT one_seat_per_member UNIQUE (conversation_id, user_id);


ALTER TABLE ONLY public.customer_service_slatimer
    ADD CONSTRAINT one_sla_timer_per_metric UNIQUE (chat_id, metric);


ALTER TABLE ONLY public.customer_service_teamday
    ADD CONSTRAINT one_special_stretch_per_time UNIQUE NULLS NOT DISTINCT (team_id, date, opens);


ALTER TABLE ONLY public.phrases_phraseuse
    ADD CONSTRAINT one_use_row_per_phrase_and_doctor UNIQUE (phrase_id, doctor_id);


ALTER TABLE ONLY public.patients_consent
    ADD CONSTRAINT patients_consent_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.patients_consent
    ADD CONSTRAINT patients_consent_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.patients_consenttext
    ADD CONSTRAINT patients_consenttext_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.patients_consenttext
    ADD CONSTRAINT patients_consenttext_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.patients_consentuse
    ADD CONSTRAINT patients_consentuse_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.patients_identitydocument
    ADD CONSTRAINT patients_identitydocument_back_id_key UNIQUE (back_id);


ALTER TABLE ONLY public.patients_identitydocument
    ADD CONSTRAINT patients_identitydocument_front_id_key UNIQUE (front_id);


ALTER TABLE ONLY public.patients_identitydocument
    ADD CONSTRAINT patients_identitydocument_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.patients_identitydocument
    ADD CONSTRAINT patients_identitydocument_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.patients_identitydocumentstep
    ADD CONSTRAINT patients_identitydocumentstep_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.patients_realnamecheck
    ADD CONSTRAINT patients_realnamecheck_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.patients_visitperson
    ADD CONSTRAINT patients_visitperson_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.patients_visitperson
    ADD CONSTRAINT patients_visitperson_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.patients_visitpersonhistory
    ADD CONSTRAINT patients_visitpersonhistory_pkey PRIMARY KEY (pgh_id);


ALTER TABLE ONLY public.payments_balanceoffer
    ADD CONSTRAINT payments_balanceoffer_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_balanceoffer
    ADD CONSTRAINT payments_balanceoffer_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.payments_balanceoffer
    ADD CONSTRAINT payments_balanceoffer_refund_id_key UNIQUE (refund_id);


ALTER TABLE ONLY public.payments_billrow
    ADD CONSTRAINT payments_billrow_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_gatewayevent
    ADD CONSTRAINT payments_gatewayevent_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_ledgeraccount
    ADD CONSTRAINT payments_ledgeraccount_code_key UNIQUE (code);


ALTER TABLE ONLY public.payments_ledgeraccount
    ADD CONSTRAINT payments_ledgeraccount_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_ledgerposting
    ADD CONSTRAINT payments_ledgerposting_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_ledgertransaction
    ADD CONSTRAINT payments_ledgertransaction_key_key UNIQUE (key);


ALTER TABLE ONLY public.payments_ledgertransaction
    ADD CONSTRAINT payments_ledgertransaction_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_merchantconfig
    ADD CONSTRAINT payments_merchantconfig_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_merchantconfig
    ADD CONSTRAINT payments_merchantconfig_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.payments_offlineclaim
    ADD CONSTRAINT payments_offlineclaim_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_offlineclaim
    ADD CONSTRAINT payments_offlineclaim_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.payments_offlineproof
    ADD CONSTRAINT payments_offlineproof_attempt_id_key UNIQUE (attempt_id);


ALTER TABLE ONLY public.payments_offlineproof
    ADD CONSTRAINT payments_offlineproof_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_offlineproof
    ADD CONSTRAINT payments_offlineproof_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.payments_paymentattempt
    ADD CONSTRAINT payments_paymentattempt_out_trade_no_key UNIQUE (out_trade_no);


ALTER TABLE ONLY public.payments_paymentattempt
    ADD CONSTRAINT payments_paymentattempt_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_paymentattempt
    ADD CONSTRAINT payments_paymentattempt_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.payments_paymenthistory
    ADD CONSTRAINT payments_paymenthistory_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_paymentorder
    ADD CONSTRAINT payments_paymentorder_number_key UNIQUE (number);


ALTER TABLE ONLY public.payments_paymentorder
    ADD CONSTRAINT payments_paymentorder_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_paymentorder
    ADD CONSTRAINT payments_paymentorder_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.payments_platformcertificate
    ADD CONSTRAINT payments_platformcertificate_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_pricehistory
    ADD CONSTRAINT payments_pricehistory_pkey PRIMARY KEY (pgh_id);


ALTER TABLE ONLY public.payments_pricerule
    ADD CONSTRAINT payments_pricerule_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_pricerule
    ADD CONSTRAINT payments_pricerule_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.payments_recognisedincome
    ADD CONSTRAINT payments_recognisedincome_order_id_key UNIQUE (order_id);


ALTER TABLE ONLY public.payments_recognisedincome
    ADD CONSTRAINT payments_recognisedincome_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_reconciliationitem
    ADD CONSTRAINT payments_reconciliationitem_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_reconciliationitem
    ADD CONSTRAINT payments_reconciliationitem_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.payments_reconciliationrun
    ADD CONSTRAINT payments_reconciliationrun_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_reconciliationrun
    ADD CONSTRAINT payments_reconciliationrun_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.payments_refund
    ADD CONSTRAINT payments_refund_out_refund_no_key UNIQUE (out_refund_no);


ALTER TABLE ONLY public.payments_refund
    ADD CONSTRAINT payments_refund_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_refund
    ADD CONSTRAINT payments_refund_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.payments_refundrequest
    ADD CONSTRAINT payments_refundrequest_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_refundrequest
    ADD CONSTRAINT payments_refundrequest_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.payments_refundrequest
    ADD CONSTRAINT payments_refundrequest_refund_id_key UNIQUE (refund_id);


ALTER TABLE ONLY public.payments_suspenseclearing
    ADD CONSTRAINT payments_suspenseclearing_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_suspenseclearing
    ADD CONSTRAINT payments_suspenseclearing_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT person_is_not_double_booked EXCLUDE USING gist (int8range(person_id, person_id, '[]'::text) WITH &&, tstzrange(starts_at, ends_at) WITH &&) WHERE (((state)::text = ANY ((ARRAY['offered'::character varying, 'held'::character varying, 'pending'::character varying, 'confirmed'::character varying, 'in_progress'::character varying])::text[])));


ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT person_waits_once EXCLUDE USING gist (int8range(person_id, person_id, '[]'::text) WITH &&, int8range(kind_id, kind_id, '[]'::text) WITH &&, tstzrange(wanted_from, wanted_until) WITH &&) WHERE ((((state)::text = ANY ((ARRAY['queued'::character varying, 'offered'::character varying])::text[])) AND (wanted_from IS NOT NULL)));


ALTER TABLE ONLY public.pghistory_context
    ADD CONSTRAINT pghistory_context_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.phrases_phrase
    ADD CONSTRAINT phrases_phrase_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.phrases_phrase
    ADD CONSTRAINT phrases_phrase_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.phrases_phraseuse
    ADD CONSTRAINT phrases_phraseuse_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.payments_platformcertificate
    ADD CONSTRAINT platform_certificate_once UNIQUE (merchant_id, serial);


ALTER TABLE ONLY public.payments_ledgerposting
    ADD CONSTRAINT posting_sequence_once UNIQUE (account_id, sequence);


ALTER TABLE ONLY public.payments_pricerule
    ADD CONSTRAINT price_rules_do_not_overlap EXCLUDE USING gist (int8range((hashtextextended((((((((((service)::text || ''::text) || (scope)::text) || ''::text) || COALESCE((doctor_public_id)::text, ''::text)) || ''::text) || (level)::text) || ''::text) || (department_code)::text), (0)::bigint) >> 1), (hashtextextended((((((((((service)::text || ''::text) || (scope)::text) || ''::text) || COALESCE((doctor_public_id)::text, ''::text)) || ''::text) || (level)::text) || ''::text) || (department_code)::text), (0)::bigint) >> 1), '[]'::text) WITH &&, tstzrange(valid_from, valid_until) WITH &&) WHERE (is_active);


ALTER TABLE ONLY public.privacy_accountbatch
    ADD CONSTRAINT privacy_accountbatch_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.privacy_accountbatch
    ADD CONSTRAINT privacy_accountbatch_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.privacy_batchitem
    ADD CONSTRAINT privacy_batchitem_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.privacy_dataexport
    ADD CONSTRAINT privacy_dataexport_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.privacy_dataexport
    ADD CONSTRAINT privacy_dataexport_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.privacy_deletionrequest
    ADD CONSTRAINT privacy_deletionrequest_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.privacy_deletionrequest
    ADD CONSTRAINT privacy_deletionrequest_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.privacy_emergencyaccess
    ADD CONSTRAINT privacy_emergencyaccess_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.privacy_emergencyaccess
    ADD CONSTRAINT privacy_emergencyaccess_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.patients_realnamecheck
    ADD CONSTRAINT real_name_try_counts_once UNIQUE (person_id, day, try_number);


ALTER TABLE ONLY public.realtime_socketticket
    ADD CONSTRAINT realtime_socketticket_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.realtime_socketticket
    ADD CONSTRAINT realtime_socketticket_token_hash_key UNIQUE (token_hash);


ALTER TABLE ONLY public.payments_reconciliationitem
    ADD CONSTRAINT reconciliation_item_once UNIQUE (run_id, kind, verdict, number);


ALTER TABLE ONLY public.payments_reconciliationrun
    ADD CONSTRAINT reconciliation_once_a_day UNIQUE (merchant_id, bill_date);


ALTER TABLE ONLY public.records_diagnosiscode
    ADD CONSTRAINT records_diagnosiscode_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.records_medicalrecord
    ADD CONSTRAINT records_medicalrecord_number_key UNIQUE (number);


ALTER TABLE ONLY public.records_medicalrecord
    ADD CONSTRAINT records_medicalrecord_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.records_medicalrecord
    ADD CONSTRAINT records_medicalrecord_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.records_recordaddendum
    ADD CONSTRAINT records_recordaddendum_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.records_recordaddendum
    ADD CONSTRAINT records_recordaddendum_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.records_recorddiagnosis
    ADD CONSTRAINT records_recorddiagnosis_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.relations_broadcast
    ADD CONSTRAINT relations_broadcast_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.relations_broadcast
    ADD CONSTRAINT relations_broadcast_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.relations_delivery
    ADD CONSTRAINT relations_delivery_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.relations_groupmember
    ADD CONSTRAINT relations_groupmember_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.relations_invite
    ADD CONSTRAINT relations_invite_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.relations_invite
    ADD CONSTRAINT relations_invite_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.relations_invite
    ADD CONSTRAINT relations_invite_scene_key UNIQUE (scene);


ALTER TABLE ONLY public.relations_inviteimage
    ADD CONSTRAINT relations_inviteimage_invite_id_key UNIQUE (invite_id);


ALTER TABLE ONLY public.relations_inviteimage
    ADD CONSTRAINT relations_inviteimage_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.relations_invitescan
    ADD CONSTRAINT relations_invitescan_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.relations_patientgroup
    ADD CONSTRAINT relations_patientgroup_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.relations_patientgroup
    ADD CONSTRAINT relations_patientgroup_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.relations_relation
    ADD CONSTRAINT relations_relation_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.relations_relation
    ADD CONSTRAINT relations_relation_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.relations_relationhistory
    ADD CONSTRAINT relations_relationhistory_pkey PRIMARY KEY (pgh_id);


ALTER TABLE ONLY public.reviews_review
    ADD CONSTRAINT reviews_review_pkey PRIMARY KEY (id);


ALTER TABLE ONLY public.reviews_review
    ADD CONSTRAINT reviews_review_public_id_key UNIQUE (public_id);


ALTER TABLE ONLY public.reviews_reviewhistory
    ADD CONSTRAINT reviews_reviewhistory_pkey PRIMARY KEY (pgh_id);


ALTER TABLE ONLY public.doctors_servicehours
    ADD CONSTRAINT service_hours_do_not_overlap EXCLUDE USING gist (int8range(((((doctor_id * 7) + weekday) * 1440) + ((EXTRACT(epoch FROM start) / (60)::numeric))::bigint), ((((doctor_id * 7) + weekday) * 1440) +
CASE
    WHEN ("end" = '00:00:00'::time without time zone) THEN (1440)::bigint
    ELSE ((EXTRACT(epoch FROM "end") / (60)::numeric))::bigint
END)) WITH &&);


ALTER TABLE ONLY public.doctors_workrule
    ADD CONSTRAINT work_rules_do_not_overlap EXCLUDE USING gist (int8range(doctor_id, doctor_id, '[]'::text) WITH &&, int4range(((weekday * 1440) + start_minute), ((weekday * 1440) + end_minute)) WITH &&, daterange(valid_from, valid_until, '[]'::text) WITH &&);


CREATE INDEX accounts_devicesession_user_id_58ed1ceb ON public.accounts_devicesession USING btree (user_id);


CREATE INDEX accounts_recoverycode_factor_id_cd986632 ON public.accounts_recoverycode USING btree (factor_id);


CREATE INDEX accounts_user_groups_group_id_bd11a704 ON public.accounts_user_groups USING btree (group_id);


CREATE INDEX accounts_user_groups_user_id_52b62117 ON public.accounts_user_groups USING btree (user_id);


CREATE INDEX accounts_user_user_permissions_permission_id_113bb443 ON public.accounts_user_user_permissions USING btree (permission_id);


CREATE INDEX accounts_user_user_permissions_user_id_e4f0a161 ON public.accounts_user_user_permissions USING btree (user_id);


CREATE INDEX accounts_userhistory_pgh_context_id_1e6708ee ON public.accounts_userhistory USING btree (pgh_context_id);


CREATE INDEX accounts_userhistory_pgh_obj_id_060a3ce7 ON public.accounts_userhistory USING btree (pgh_obj_id);


CREATE INDEX agent_on_duty ON public.customer_service_agent USING btree (heartbeat_at) WHERE (NOT ((status)::text = 'offline'::text));


CREATE INDEX appointment_days ON public.appointments_appointment USING brin (created_at, starts_at) WITH (autosummarize='on', pages_per_range='16');


CREATE INDEX appointment_due ON public.appointments_appointment USING btree (expires_at) WHERE ((expires_at IS NOT NULL) AND ((state)::text = ANY ((ARRAY['queued'::character varying, 'offered'::character varying, 'held'::character varying, 'pending'::character varying, 'confirmed'::character varying, 'in_progress'::character varying])::text[])));


CREATE INDEX appointment_finished ON public.appointments_appointment USING btree (kind_id, finished_at DESC) WHERE ((state)::text = 'completed'::text);


CREATE INDEX appointment_of_branch ON public.appointments_appointment USING btree (branch_id, starts_at);


CREATE INDEX appointment_of_doctor ON public.appointments_appointment USING btree (doctor_id, starts_at);


CREATE INDEX appointment_of_order ON public.appointments_appointment USING btree (order_id) WHERE (order_id IS NOT NULL);


CREATE INDEX appointment_of_patient ON public.appointments_appointment USING btree (patient_id, id DESC);


CREATE INDEX appointment_waiting_list ON public.appointments_appointment USING btree (kind_id, branch_id, priority DESC, queued_at, id) WHERE ((state)::text = ANY ((ARRAY['queued'::character varying, 'offered'::character varying])::text[]));


CREATE INDEX appointment_wants_doctor ON public.appointments_appointment USING btree (wanted_doctor_id) WHERE (wanted_doctor_id IS NOT NULL);


CREATE INDEX appointments_appointment_kind_id_12e833d6 ON public.appointments_appointment USING btree (kind_id);


CREATE INDEX appointments_appointment_person_id_b980751b ON public.appointments_appointment USING btree (person_id);


CREATE INDEX appointments_appointmentty_appointmenttype_id_1a54a669 ON public.appointments_appointmenttype_doctors USING btree (appointmenttype_id);


CREATE INDEX appointments_appointmentty_appointmenttype_id_1cb0cbbd ON public.appointments_appointmenttype_branches USING btree (appointmenttype_id);


CREATE INDEX appointments_appointmenttype_branches_branch_id_502b4e57 ON public.appointments_appointmenttype_branches USING btree (branch_id);


CREATE INDEX appointments_appointmenttype_code_43ffc5ec_like ON public.appointments_appointmenttype USING btree (code varchar_pattern_ops);


CREATE INDEX appointments_appointmenttype_doctors_doctor_id_531e6479 ON public.appointments_appointmenttype_doctors USING btree (doctor_id);


CREATE INDEX appointments_calendarfeed_doctor_id_f810fb0b ON public.appointments_calendarfeed USING btree (doctor_id);


CREATE INDEX appointments_calendarfeed_secret_hash_12ee0b30_like ON public.appointments_calendarfeed USING btree (secret_hash varchar_pattern_ops);


CREATE INDEX appointments_offer_appointment_id_8600c7ce ON public.appointments_offer USING btree (appointment_id);


CREATE INDEX appointments_offer_doctor_id_67778c74 ON public.appointments_offer USING btree (doctor_id);


CREATE INDEX appointments_reminder_appointment_id_f92d4208 ON public.appointments_reminder USING btree (appointment_id);


CREATE INDEX assignment_of_case ON public.consultations_assignment USING btree (consultation_id, id);


CREATE INDEX assignment_open ON public.consultations_assignment USING btree (doctor_id) WHERE (ended_at IS NULL);


CREATE INDEX attempt_by_bill ON public.payments_paymentattempt USING btree (merchant_id, billed_on) WHERE (billed_on IS NOT NULL);


CREATE INDEX attempt_by_success ON public.payments_paymentattempt USING btree (merchant_id, succeeded_at) WHERE (succeeded_at IS NOT NULL);


CREATE UNIQUE INDEX attempt_gateway_number_once ON public.payments_paymentattempt USING btree (merchant_id, gateway_transaction_id) WHERE (NOT ((gateway_transaction_id)::text = ''::text));


CREATE INDEX attempt_of_case ON public.consultations_assignmentattempt USING btree (consultation_id, id DESC);


CREATE UNIQUE INDEX attempt_one_applied_per_order ON public.payments_paymentattempt USING btree (order_id) WHERE ((disposition)::text = 'applied'::text);


CREATE UNIQUE INDEX attempt_one_open_per_order ON public.payments_paymentattempt USING btree (order_id) WHERE ((status)::text = ANY ((ARRAY['created'::character varying, 'submitted'::character varying, 'unknown'::character varying])::text[]));


CREATE INDEX attempt_poll_due ON public.payments_paymentattempt USING btree (next_poll_at) WHERE (next_poll_at IS NOT NULL);


CREATE INDEX audit_actor ON public.core_auditentry USING btree (actor, id DESC);


CREATE INDEX audit_patient ON public.core_auditentry USING btree (patient, id DESC) WHERE (patient IS NOT NULL);


CREATE INDEX audit_reads ON public.core_auditentry USING btree (created_at) WHERE (patient IS NOT NULL);


CREATE INDEX audit_subject ON public.core_auditentry USING btree (subject, id DESC);


CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);


CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);


CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);


CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);


CREATE INDEX batch_item_pending ON public.privacy_batchitem USING btree (batch_id, id) WHERE ((state)::text = 'pending'::text);


CREATE INDEX batch_running ON public.privacy_accountbatch USING btree (id) WHERE ((state)::text = 'running'::text);


CREATE INDEX broadcast_open ON public.relations_broadcast USING btree (id) WHERE ((state)::text = 'sending'::text);


CREATE INDEX calendar_day_date ON public.doctors_calendarday USING btree (date);


CREATE INDEX calendar_move_made_by ON public.appointments_calendarmove USING btree (made_by);


CREATE INDEX call_of_case ON public.consultations_phonecall USING btree (consultation_id, id);


CREATE INDEX call_open ON public.consultations_phonecall USING btree (due_at) WHERE ((state)::text = ANY ((ARRAY['planned'::character varying, 'binding'::character varying, 'bound'::character varying])::text[]));


CREATE INDEX chat_conversation_topic_2ccfce8b_like ON public.chat_conversation USING btree (topic varchar_pattern_ops);


CREATE INDEX chat_member_conversation_id_16c76c36 ON public.chat_member USING btree (conversation_id);


CREATE INDEX chat_member_user_id_7876c357 ON public.chat_member USING btree (user_id);


CREATE INDEX chat_messagewords_conversation_id_918da613 ON public.chat_messagewords USING btree (conversation_id);


CREATE INDEX code_by_age ON public.accounts_onetimecode USING btree (created_at);


CREATE INDEX code_by_phone ON public.accounts_onetimecode USING btree (phone_index, id DESC);


CREATE INDEX code_in_use_by_name ON public.records_diagnosiscode USING btree (system, name) WHERE is_active;


CREATE INDEX complaint_of_doctor ON public.complaints_complaint USING btree (doctor_id, id DESC);


CREATE INDEX complaint_of_patient ON public.complaints_complaint USING btree (patient_id, id DESC);


CREATE INDEX complaint_pending ON public.complaints_complaint USING btree (COALESCE(answer_by, close_by)) WHERE ((state)::text = ANY ((ARRAY['open'::character varying, 'in_review'::character varying])::text[]));


CREATE INDEX complaints_complaint_about_user_id_f668179b ON public.complaints_complaint USING btree (about_user_id);


CREATE INDEX complaints_complaint_former_handler_id_fb8e028c ON public.complaints_complaint USING btree (former_handler_id);


CREATE INDEX complaints_complaint_handler_id_be7a03e0 ON public.complaints_complaint USING btree (handler_id);


CREATE INDEX complaints_complaintfile_complaint_id_7d40fc35 ON public.complaints_complaintfile USING btree (complaint_id);


CREATE INDEX complaints_complaintfile_note_id_3774c4e4 ON public.complaints_complaintfile USING btree (note_id);


CREATE INDEX complaints_complaintnote_author_id_3017ab8d ON public.complaints_complaintnote USING btree (author_id);


CREATE INDEX complaints_complaintnote_complaint_id_fd4751ae ON public.complaints_complaintnote USING btree (complaint_id);


CREATE INDEX complaints_complaintstep_complaint_id_4a9e8b8c ON public.complaints_complaintstep USING btree (complaint_id);


CREATE INDEX complaints_qualityentry_given_by_id_a073a0d9 ON public.complaints_qualityentry USING btree (given_by_id);


CREATE INDEX complaints_sanction_doctor_id_d60e49f3 ON public.complaints_sanction USING btree (doctor_id);


CREATE INDEX complaints_sanction_given_by_id_088508b4 ON public.complaints_sanction USING btree (given_by_id);


CREATE INDEX complaints_sanction_lifted_by_id_1fdaf6c0 ON public.complaints_sanction USING btree (lifted_by_id);


CREATE INDEX consent_of_account ON public.patients_consent USING btree (account_id, id DESC);


CREATE INDEX consultation_accept_by ON public.consultations_consultation USING btree (accept_by) WHERE ((state)::text = 'waiting_accept'::text);


CREATE INDEX consultation_assign_by ON public.consultations_consultation USING btree (assign_by) WHERE ((state)::text = 'waiting_assignment'::text);


CREATE INDEX consultation_held ON public.consultations_consultation USING btree (held_until) WHERE (held_until IS NOT NULL);


CREATE INDEX consultation_history ON public.consultations_consultationevent USING btree (consultation_id, id);


CREATE INDEX consultation_of_doctor ON public.consultations_consultation USING btree (doctor_id, id DESC);


CREATE INDEX consultation_of_patient ON public.consultations_consultation USING btree (patient_id, id DESC);


CREATE INDEX consultation_pay_by ON public.consultations_consultation USING btree (pay_by) WHERE ((state)::text = 'pending_payment'::text);


CREATE INDEX consultation_queue ON public.consultations_consultation USING btree (paid_at, id) WHERE ((state)::text = 'waiting_assignment'::text);


CREATE INDEX consultation_reply_due ON public.consultations_consultation USING btree (reply_due_at) WHERE ((state)::text = 'in_progress'::text);


CREATE INDEX consultation_service_until ON public.consultations_consultation USING btree (service_until) WHERE ((state)::text = 'in_progress'::text);


CREATE INDEX consultation_staff_task ON public.consultations_consultation USING btree (state_since) WHERE (NOT ((staff_task)::text = ''::text));


CREATE INDEX consultations_assignment_consultation_id_51bf371a ON public.consultations_assignment USING btree (consultation_id);


CREATE INDEX consultations_assignment_doctor_id_a98791d6 ON public.consultations_assignment USING btree (doctor_id);


CREATE INDEX consultations_assignmentattempt_consultation_id_e6c663a1 ON public.consultations_assignmentattempt USING btree (consultation_id);


CREATE INDEX consultations_assignmentattempt_doctor_id_2bb410e3 ON public.consultations_assignmentattempt USING btree (doctor_id);


CREATE INDEX consultations_callleg_call_id_28d880c5 ON public.consultations_callleg USING btree (call_id);


CREATE INDEX consultations_callleg_provider_call_e844bf3a_like ON public.consultations_callleg USING btree (provider_call varchar_pattern_ops);


CREATE INDEX consultations_consultation_department_id_f9085a50 ON public.consultations_consultation USING btree (department_id);


CREATE INDEX consultations_consultation_doctor_id_d309d94f ON public.consultations_consultation USING btree (doctor_id);


CREATE INDEX consultations_consultation_patient_id_6a939c5c ON public.consultations_consultation USING btree (patient_id);


CREATE INDEX consultations_consultation_person_id_519771d2 ON public.consultations_consultation USING btree (person_id);


CREATE INDEX consultations_consultationevent_consultation_id_837960ca ON public.consultations_consultationevent USING btree (consultation_id);


CREATE INDEX consultations_doctorpush_consultation_id_32f969fe ON public.consultations_doctorpush USING btree (consultation_id);


CREATE INDEX consultations_doctorpush_doctor_id_2f4db55a ON public.consultations_doctorpush USING btree (doctor_id);


CREATE INDEX consultations_followup_consultation_id_8919e0cd ON public.consultations_followup USING btree (consultation_id);


CREATE INDEX consultations_hold_consultation_id_8c043b36 ON public.consultations_hold USING btree (consultation_id);


CREATE INDEX consultations_intakefile_consultation_id_68ba343e ON public.consultations_intakefile USING btree (consultation_id);


CREATE INDEX consultations_intakefile_file_id_78d054b1 ON public.consultations_intakefile USING btree (file_id);


CREATE INDEX consultations_intakefile_sheet_id_0e82341b ON public.consultations_intakefile USING btree (sheet_id);


CREATE INDEX consultations_intakesheet_consultation_id_0c6f0be5 ON public.consultations_intakesheet USING btree (consultation_id);


CREATE INDEX consultations_intakesheet_earlier_record_id_e32d0d8c ON public.consultations_intakesheet USING btree (earlier_record_id);


CREATE INDEX consultations_phonecall_consultation_id_24c0995d ON public.consultations_phonecall USING btree (consultation_id);


CREATE INDEX consultations_phonecall_doctor_id_8ce4c6b4 ON public.consultations_phonecall USING btree (doctor_id);


CREATE INDEX consultations_raisedflag_consultation_id_44e4a126 ON public.consultations_raisedflag USING btree (consultation_id);


CREATE INDEX consultations_raisedflag_sheet_id_3e3b5204 ON public.consultations_raisedflag USING btree (sheet_id);


CREATE INDEX consultations_revisitcheck_consultation_id_ef56c610 ON public.consultations_revisitcheck USING btree (consultation_id);


CREATE INDEX consultations_revisitcheck_doctor_id_2bb4af31 ON public.consultations_revisitcheck USING btree (doctor_id);


CREATE INDEX consultations_revisitcheck_sheet_id_acf3cfd8 ON public.consultations_revisitcheck USING btree (sheet_id);


CREATE INDEX consultations_staffcare_staff_id_01981762 ON public.consultations_staffcare USING btree (staff_id);


CREATE INDEX consultations_transfer_consultation_id_fa6135a0 ON public.consultations_transfer USING btree (consultation_id);


CREATE INDEX consultations_transfer_from_doctor_id_6544544a ON public.consultations_transfer USING btree (from_doctor_id);


CREATE INDEX consultations_transfer_to_doctor_id_13912b48 ON public.consultations_transfer USING btree (to_doctor_id);


CREATE INDEX conversation_latest ON public.chat_conversation USING btree (last_message_at DESC);


CREATE INDEX core_jobrun_task_9b9cdd71_like ON public.core_jobrun USING btree (task varchar_pattern_ops);


CREATE INDEX core_ratecounter_key_7b3d8ac4_like ON public.core_ratecounter USING btree (key varchar_pattern_ops);


CREATE INDEX credential_ending ON public.doctors_credential USING btree (valid_until) WHERE ((state)::text = 'approved'::text);


CREATE INDEX credential_of_doctor ON public.doctors_credential USING btree (doctor_id, id DESC);


CREATE UNIQUE INDEX credential_one_approved ON public.doctors_credential USING btree (doctor_id, kind) WHERE (((state)::text = 'approved'::text) AND (NOT ((kind)::text = 'multi_site'::text)));


CREATE UNIQUE INDEX credential_one_under_review ON public.doctors_credential USING btree (doctor_id, kind) WHERE ((state)::text = 'pending'::text);


CREATE INDEX credential_to_review ON public.doctors_credential USING btree (id) WHERE ((state)::text = 'pending'::text);


CREATE INDEX customer_service_agent_teams_agent_id_90fd8f09 ON public.customer_service_agent_teams USING btree (agent_id);


CREATE INDEX customer_service_agent_teams_team_id_34c66799 ON public.customer_service_agent_teams USING btree (team_id);


CREATE INDEX customer_service_agentstatuschange_agent_id_45b37b7e ON public.customer_service_agentstatuschange USING btree (agent_id);


CREATE INDEX customer_service_cannedreply_owner_id_1efc2869 ON public.customer_service_cannedreply USING btree (owner_id);


CREATE INDEX customer_service_cannedreply_shortcut_1885f8e1 ON public.customer_service_cannedreply USING btree (shortcut);


CREATE INDEX customer_service_cannedreply_shortcut_1885f8e1_like ON public.customer_service_cannedreply USING btree (shortcut varchar_pattern_ops);


CREATE INDEX customer_service_cannedreply_team_id_0cca1b97 ON public.customer_service_cannedreply USING btree (team_id);


CREATE INDEX customer_service_chatdraft_agent_id_202eed06 ON public.customer_service_chatdraft USING btree (agent_id);


CREATE INDEX customer_service_chatdraft_chat_id_47bf7292 ON public.customer_service_chatdraft USING btree (chat_id);


CREATE INDEX customer_service_chatmove_agent_id_263dec66 ON public.customer_service_chatmove USING btree (agent_id);


CREATE INDEX customer_service_chatmove_chat_id_1a4612b1 ON public.customer_service_chatmove USING btree (chat_id);


CREATE INDEX customer_service_chatmove_team_id_e0c7ad3b ON public.customer_service_chatmove USING btree (team_id);


CREATE INDEX customer_service_handling_agent_id_5444cf3a ON public.customer_service_handling USING btree (agent_id);


CREATE INDEX customer_service_handling_chat_id_764e485a ON public.customer_service_handling USING btree (chat_id);


CREATE INDEX customer_service_handling_team_id_8c22253f ON public.customer_service_handling USING btree (team_id);


CREATE INDEX customer_service_leftmessage_answered_by_id_c206ea58 ON public.customer_service_leftmessage USING btree (answered_by_id);


CREATE INDEX customer_service_leftmessage_chat_id_d4d3d985 ON public.customer_service_leftmessage USING btree (chat_id);


CREATE INDEX customer_service_leftmessage_customer_id_dc7cef3e ON public.customer_service_leftmessage USING btree (customer_id);


CREATE INDEX customer_service_leftmessage_team_id_3c3d2f6e ON public.customer_service_leftmessage USING btree (team_id);


CREATE INDEX customer_service_macro_reply_id_4d06872a ON public.customer_service_macro USING btree (reply_id);


CREATE INDEX customer_service_macro_tags_macro_id_2fd338a3 ON public.customer_service_macro_tags USING btree (macro_id);


CREATE INDEX customer_service_macro_tags_tag_id_102d0f7a ON public.customer_service_macro_tags USING btree (tag_id);


CREATE INDEX customer_service_macro_team_id_d90d762f ON public.customer_service_macro USING btree (team_id);


CREATE INDEX customer_service_macro_transfer_to_id_8a3faf6b ON public.customer_service_macro USING btree (transfer_to_id);


CREATE INDEX customer_service_note_author_id_5649c350 ON public.customer_service_note USING btree (author_id);


CREATE INDEX customer_service_note_chat_id_9a56eb6d ON public.customer_service_note USING btree (chat_id);


CREATE INDEX customer_service_qualitycheck_checked_by_id_03667466 ON public.customer_service_qualitycheck USING btree (checked_by_id);


CREATE INDEX customer_service_servicechat_agent_id_e6892a6e ON public.customer_service_servicechat USING btree (agent_id);


CREATE INDEX customer_service_servicechat_customer_id_7280b3ae ON public.customer_service_servicechat USING btree (customer_id);


CREATE INDEX customer_service_servicechat_tags_servicechat_id_2a81c7de ON public.customer_service_servicechat_tags USING btree (servicechat_id);


CREATE INDEX customer_service_servicechat_tags_tag_id_0cd37a3e ON public.customer_service_servicechat_tags USING btree (tag_id);


CREATE INDEX customer_service_servicechat_team_id_c586780b ON public.customer_service_servicechat USING btree (team_id);


CREATE INDEX customer_service_slatimer_chat_id_0dec7652 ON public.customer_service_slatimer USING btree (chat_id);


CREATE INDEX customer_service_sweepclock_name_0f084134_like ON public.customer_service_sweepclock USING btree (name varchar_pattern_ops);


CREATE INDEX customer_service_tag_name_en_5c10715d_like ON public.customer_service_tag USING btree (name_en varchar_pattern_ops);


CREATE INDEX customer_service_tag_name_zh_a4304343_like ON public.customer_service_tag USING btree (name_zh varchar_pattern_ops);


CREATE INDEX customer_service_team_code_13371254_like ON public.customer_service_team USING btree (code varchar_pattern_ops);


CREATE INDEX customer_service_team_fallback_id_6d7f31e0 ON public.customer_service_team USING btree (fallback_id);


CREATE INDEX customer_service_teamday_team_id_c909a102 ON public.customer_service_teamday USING btree (team_id);


CREATE INDEX customer_service_teamhours_team_id_2421e0ad ON public.customer_service_teamhours USING btree (team_id);


CREATE INDEX deletion_due ON public.privacy_deletionrequest USING btree (due_at) WHERE ((state)::text = 'cooling'::text);


CREATE INDEX deletion_of_account ON public.privacy_deletionrequest USING btree (account_id, id DESC);


CREATE INDEX delivery_of_relation ON public.relations_delivery USING btree (relation_id, at);


CREATE INDEX delivery_pending ON public.relations_delivery USING btree (broadcast_id, id) WHERE ((state)::text = 'pending'::text);


CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON public.django_admin_log USING btree (content_type_id);


CREATE INDEX django_admin_log_user_id_c564eba6 ON public.django_admin_log USING btree (user_id);


CREATE INDEX django_celery_beat_periodictask_clocked_id_47a69f82 ON public.django_celery_beat_periodictask USING btree (clocked_id);


CREATE INDEX django_celery_beat_periodictask_crontab_id_d3cba168 ON public.django_celery_beat_periodictask USING btree (crontab_id);


CREATE INDEX django_celery_beat_periodictask_interval_id_a8ca27da ON public.django_celery_beat_periodictask USING btree (interval_id);


CREATE INDEX django_celery_beat_periodictask_name_265a36b7_like ON public.django_celery_beat_periodictask USING btree (name varchar_pattern_ops);


CREATE INDEX django_celery_beat_periodictask_solar_id_a87ce72c ON public.django_celery_beat_periodictask USING btree (solar_id);


CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);


CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);


CREATE INDEX doctor_by_phone ON public.doctors_doctor USING btree (level_rank) WHERE is_phone_open;


CREATE INDEX doctor_free ON public.doctors_doctor USING btree (level_rank, load_key, last_assigned_at NULLS FIRST, id, department_id) WHERE (((certification)::text = 'certified'::text) AND is_service_open AND is_text_open AND ((status)::text = 'active'::text) AND (current_consultation_count < place_limit) AND is_on_duty);


CREATE INDEX doctor_listed ON public.doctors_doctor USING btree (is_on_duty DESC, level_rank DESC, rating_average DESC, id) WHERE (((certification)::text = 'certified'::text) AND ((status)::text = 'active'::text));


CREATE INDEX doctors_branch_code_b3dc8016_like ON public.doctors_branch USING btree (code varchar_pattern_ops);


CREATE INDEX doctors_branch_name_a5907568_like ON public.doctors_branch USING btree (name varchar_pattern_ops);


CREATE INDEX doctors_branchhours_branch_id_51924377 ON public.doctors_branchhours USING btree (branch_id);


CREATE INDEX doctors_calendarday_branch_id_84e43afb ON public.doctors_calendarday USING btree (branch_id);


CREATE INDEX doctors_calendarday_doctor_id_b8b658c7 ON public.doctors_calendarday USING btree (doctor_id);


CREATE INDEX doctors_credential_doctor_id_dfe95e78 ON public.doctors_credential USING btree (doctor_id);


CREATE INDEX doctors_credentialalert_credential_id_c9550911 ON public.doctors_credentialalert USING btree (credential_id);


CREATE INDEX doctors_credentialstep_credential_id_d1b15352 ON public.doctors_credentialstep USING btree (credential_id);


CREATE INDEX doctors_department_code_92a4c148_like ON public.doctors_department USING btree (code varchar_pattern_ops);


CREATE INDEX doctors_doctor_department_id_9373bfe8 ON public.doctors_doctor USING btree (department_id);


CREATE INDEX doctors_doctorhistory_branch_id_bfc5615a ON public.doctors_doctorhistory USING btree (branch_id);


CREATE INDEX doctors_doctorhistory_department_id_79b66b71 ON public.doctors_doctorhistory USING btree (department_id);


CREATE INDEX doctors_doctorhistory_pgh_context_id_c22795bc ON public.doctors_doctorhistory USING btree (pgh_context_id);


CREATE INDEX doctors_doctorhistory_pgh_obj_id_69d11436 ON public.doctors_doctorhistory USING btree (pgh_obj_id);


CREATE INDEX doctors_identitycheck_doctor_id_d4d1d427 ON public.doctors_identitycheck USING btree (doctor_id);


CREATE INDEX doctors_leave_doctor_id_4a3214fe ON public.doctors_leave USING btree (doctor_id);


CREATE INDEX doctors_servicehours_doctor_id_2f5fe8a9 ON public.doctors_servicehours USING btree (doctor_id);


CREATE INDEX doctors_workrule_branch_id_1820c8b5 ON public.doctors_workrule USING btree (branch_id);


CREATE INDEX doctors_workrule_doctor_id_da0bf004 ON public.doctors_workrule USING btree (doctor_id);


CREATE INDEX document_by_number ON public.patients_identitydocument USING btree (number_index) WHERE (NOT ((number_index)::text = ''::text));


CREATE INDEX document_of_person ON public.patients_identitydocument USING btree (person_id, id DESC);


CREATE INDEX document_to_review ON public.patients_identitydocument USING btree (id) WHERE ((state)::text = 'pending'::text);


CREATE INDEX emergency_of_patient ON public.privacy_emergencyaccess USING btree (patient_id, id DESC);


CREATE INDEX emergency_of_reader ON public.privacy_emergencyaccess USING btree (reader_id, id DESC);


CREATE INDEX emergency_untold ON public.privacy_emergencyaccess USING btree (id) WHERE (told_at IS NULL);


CREATE INDEX export_unfinished ON public.privacy_dataexport USING btree (id) WHERE ((state)::text = ANY ((ARRAY['waiting'::character varying, 'building'::character varying, 'ready'::character varying])::text[]));


CREATE INDEX export_with_bytes ON public.privacy_dataexport USING btree (id) WHERE (NOT ((stored_as)::text = ''::text));


CREATE INDEX extra_place_of_case ON public.consultations_extraplace USING btree (consultation_id);


CREATE INDEX file_owner_size ON public.files_storedfile USING btree (owner_id) INCLUDE (size);


CREATE INDEX file_to_scan ON public.files_storedfile USING btree (id) WHERE ((scan)::text = 'pending'::text);


CREATE INDEX file_unbound ON public.files_storedfile USING btree (created_at) WHERE (bound_at IS NULL);


CREATE INDEX files_storedfile_stored_as_368e5be9_like ON public.files_storedfile USING btree (stored_as varchar_pattern_ops);


CREATE INDEX follow_up_of_case ON public.consultations_followup USING btree (consultation_id, due_at);


CREATE INDEX follow_up_planned ON public.consultations_followup USING btree (due_at) WHERE ((state)::text = 'planned'::text);


CREATE INDEX follow_up_reminded ON public.consultations_followup USING btree (reminded_at) WHERE ((state)::text = 'reminded'::text);


CREATE INDEX gateway_event_due ON public.payments_gatewayevent USING btree (next_try_at) WHERE ((outcome)::text = 'received'::text);


CREATE INDEX handling_ended ON public.customer_service_handling USING btree (ended_at);


CREATE INDEX handling_freed ON public.customer_service_handling USING btree (team_id, ended_at);


CREATE INDEX handling_of_agent ON public.customer_service_handling USING btree (agent_id, started_at);


CREATE INDEX handling_of_chat ON public.customer_service_handling USING btree (chat_id, id);


CREATE INDEX handling_started ON public.customer_service_handling USING btree (started_at);


CREATE INDEX hold_of_case ON public.consultations_hold USING btree (consultation_id, id);


CREATE INDEX idempotency_age ON public.core_idempotencyrecord USING btree (created_at);


CREATE INDEX identity_of_doctor ON public.doctors_identitycheck USING btree (doctor_id, passed_at DESC);


CREATE INDEX leave_of_doctor ON public.doctors_leave USING btree (doctor_id, ends_at) WHERE (cancelled_at IS NULL);


CREATE INDEX left_message_left ON public.customer_service_leftmessage USING btree (created_at);


CREATE INDEX left_message_of_customer ON public.customer_service_leftmessage USING btree (customer_id, id DESC);


CREATE INDEX left_message_open ON public.customer_service_leftmessage USING btree (team_id, id) WHERE ((state)::text = 'open'::text);


CREATE UNIQUE INDEX live_picture_counts_once ON public.doctors_identitycheck USING btree (picture_hash) WHERE (NOT ((picture_hash)::text = ''::text));


CREATE INDEX message_words ON public.chat_messagewords USING gin (words) WITH (fastupdate=off);


CREATE INDEX move_at ON public.customer_service_chatmove USING btree (at);


CREATE INDEX move_delivered ON public.chat_watermarkmove USING btree (member_id, delivered_seq, at);


CREATE INDEX move_of_chat ON public.customer_service_chatmove USING btree (chat_id, id);


CREATE INDEX move_read ON public.chat_watermarkmove USING btree (member_id, read_seq, at);


CREATE INDEX notice_of_user ON public.notifications_notice USING btree (user_id, id DESC);


CREATE INDEX notice_unread ON public.notifications_notice USING btree (user_id) WHERE (read_at IS NULL);


CREATE INDEX nudge_of_doctor ON public.consultations_nudge USING btree (doctor_id, at);


CREATE UNIQUE INDEX offline_claim_one_waiting ON public.payments_offlineclaim USING btree (order_id) WHERE ((state)::text = 'waiting'::text);


CREATE UNIQUE INDEX offline_claim_receipt_once ON public.payments_offlineclaim USING btree (kind, reference) WHERE (NOT ((state)::text = 'rejected'::text));


CREATE UNIQUE INDEX one_agent_per_chat ON public.customer_service_handling USING btree (chat_id) WHERE (ended_at IS NULL);


CREATE UNIQUE INDEX one_calendar_feed_per_doctor ON public.appointments_calendarfeed USING btree (doctor_id) WHERE (revoked_at IS NULL);


CREATE UNIQUE INDEX one_call_per_binding ON public.consultations_phonecall USING btree (provider_ref) WHERE (NOT ((provider_ref)::text = ''::text));


CREATE UNIQUE INDEX one_code_in_use_per_table ON public.records_diagnosiscode USING btree (system, code) WHERE is_active;


CREATE UNIQUE INDEX one_default_team ON public.customer_service_team USING btree (is_default) WHERE is_default;


CREATE UNIQUE INDEX one_default_visit_person ON public.patients_visitperson USING btree (account_id) WHERE is_default;


CREATE UNIQUE INDEX one_document_under_review ON public.patients_identitydocument USING btree (person_id) WHERE ((state)::text = 'pending'::text);


CREATE UNIQUE INDEX one_entry_in_force_per_complaint ON public.complaints_qualityentry USING btree (complaint_id) WHERE (revoked_at IS NULL);


CREATE UNIQUE INDEX one_extra_place_per_limit ON public.consultations_extraplace USING btree (doctor_id, "limit") WHERE (ended_at IS NULL);


CREATE UNIQUE INDEX one_followed_card_per_patient ON public.relations_relation USING btree (patient_id) WHERE shows_followed_card;


CREATE UNIQUE INDEX one_hand_per_case ON public.consultations_staffcare USING btree (consultation_id) WHERE (ended_at IS NULL);


CREATE UNIQUE INDEX one_message_per_client_id ON public.chat_message USING btree (conversation_id, sender_id, client_id) WHERE (sender_id IS NOT NULL);


CREATE UNIQUE INDEX one_open_assignment_per_consultation ON public.consultations_assignment USING btree (consultation_id) WHERE (ended_at IS NULL);


CREATE UNIQUE INDEX one_open_call_per_consultation ON public.consultations_phonecall USING btree (consultation_id) WHERE ((state)::text = ANY ((ARRAY['planned'::character varying, 'binding'::character varying, 'bound'::character varying])::text[]));


CREATE UNIQUE INDEX one_open_chat_per_customer ON public.customer_service_servicechat USING btree (customer_id, face) WHERE (NOT ((state)::text = 'ended'::text));


CREATE UNIQUE INDEX one_open_consultation_per_pair ON public.consultations_consultation USING btree (patient_id, doctor_id) WHERE ((doctor_id IS NOT NULL) AND ((state)::text = ANY ((ARRAY['draft'::character varying, 'pending_payment'::character varying, 'waiting_assignment'::character varying, 'waiting_accept'::character varying, 'in_progress'::character varying])::text[])));


CREATE UNIQUE INDEX one_open_deletion ON public.privacy_deletionrequest USING btree (account_id) WHERE ((state)::text = 'cooling'::text);


CREATE UNIQUE INDEX one_open_export ON public.privacy_dataexport USING btree (account_id) WHERE ((state)::text = ANY ((ARRAY['waiting'::character varying, 'building'::character varying, 'ready'::character varying])::text[]));


CREATE UNIQUE INDEX one_open_fast_consultation ON public.consultations_consultation USING btree (patient_id, kind) WHERE ((doctor_id IS NULL) AND (hops = 0) AND ((kind)::text = ANY ((ARRAY['text_fast'::character varying, 'phone_fast'::character varying])::text[])) AND ((state)::text = ANY ((ARRAY['draft'::character varying, 'pending_payment'::character varying, 'waiting_assignment'::character varying, 'waiting_accept'::character varying, 'in_progress'::character varying])::text[])));


CREATE UNIQUE INDEX one_open_hold_per_consultation ON public.consultations_hold USING btree (consultation_id) WHERE (ended_at IS NULL);


CREATE UNIQUE INDEX one_open_row_per_code ON public.appointments_appointment USING btree (code) WHERE is_code_taken;


CREATE UNIQUE INDEX one_open_transfer_per_consultation ON public.consultations_transfer USING btree (consultation_id) WHERE ((state)::text = 'offered'::text);


CREATE UNIQUE INDEX one_pending_complaint_per_thing ON public.complaints_complaint USING btree (patient_id, subject, subject_public_id) WHERE ((state)::text = ANY ((ARRAY['open'::character varying, 'in_review'::character varying])::text[]));


CREATE UNIQUE INDEX one_phrase_per_doctor_type_and_text ON public.phrases_phrase USING btree (doctor_id, type, md5(text)) NULLS NOT DISTINCT;


CREATE UNIQUE INDEX one_record_per_verification_code ON public.records_medicalrecord USING btree (verify_token) WHERE (NOT ((verify_token)::text = ''::text));


CREATE UNIQUE INDEX one_running_real_name_check ON public.patients_realnamecheck USING btree (person_id) WHERE ((result)::text = 'running'::text);


CREATE UNIQUE INDEX one_standing_consent ON public.patients_consent USING btree (person_id, text_id, is_by_guardian) WHERE (revoked_at IS NULL);


CREATE UNIQUE INDEX one_stop_in_force_per_doctor ON public.complaints_sanction USING btree (doctor_id) WHERE ((ended_at IS NULL) AND ((kind)::text = 'stop'::text));


CREATE UNIQUE INDEX one_visit_person_is_self ON public.patients_visitperson USING btree (account_id) WHERE (is_active AND ((relation)::text = 'self'::text));


CREATE UNIQUE INDEX one_visit_person_per_id_number ON public.patients_visitperson USING btree (account_id, id_number_index) WHERE (is_active AND (NOT ((id_number_index)::text = ''::text)));


CREATE INDEX order_by_paid_at ON public.payments_paymentorder USING btree (subject_kind, paid_at);


CREATE INDEX order_by_payer ON public.payments_paymentorder USING btree (payer_id, id DESC);


CREATE INDEX order_by_subject ON public.payments_paymentorder USING btree (subject_kind, subject_public_id);


CREATE UNIQUE INDEX order_one_live_per_subject ON public.payments_paymentorder USING btree (subject_kind, subject_public_id) WHERE (NOT ((status)::text = ANY ((ARRAY['closed'::character varying, 'refunded'::character varying])::text[])));


CREATE INDEX order_unpaid ON public.payments_paymentorder USING btree (expires_at) WHERE ((status)::text = ANY ((ARRAY['pending'::character varying, 'closing'::character varying])::text[]));


CREATE INDEX outbox_due ON public.core_outboxevent USING btree (next_at, id) WHERE (NOT (pending = '{}'::character varying(200)[]));


CREATE INDEX patients_consent_account_id_a6fb3fd8 ON public.patients_consent USING btree (account_id);


CREATE INDEX patients_consent_person_id_618e20ff ON public.patients_consent USING btree (person_id);


CREATE INDEX patients_consent_text_id_500bb21f ON public.patients_consent USING btree (text_id);


CREATE INDEX patients_consentuse_consent_id_47a8f82b ON public.patients_consentuse USING btree (consent_id);


CREATE INDEX patients_identitydocument_person_id_9f5129b8 ON public.patients_identitydocument USING btree (person_id);


CREATE INDEX patients_identitydocumentstep_document_id_597ecda2 ON public.patients_identitydocumentstep USING btree (document_id);


CREATE INDEX patients_realnamecheck_person_id_e3bbd5b4 ON public.patients_realnamecheck USING btree (person_id);


CREATE INDEX patients_visitperson_account_id_4f60a03d ON public.patients_visitperson USING btree (account_id);


CREATE INDEX patients_visitpersonhistory_account_id_6c17074e ON public.patients_visitpersonhistory USING btree (account_id);


CREATE INDEX patients_visitpersonhistory_pgh_context_id_9bc27d47 ON public.patients_visitpersonhistory USING btree (pgh_context_id);


CREATE INDEX patients_visitpersonhistory_pgh_obj_id_5b879196 ON public.patients_visitpersonhistory USING btree (pgh_obj_id);


CREATE INDEX payment_history_order ON public.payments_paymenthistory USING btree (order_id, id);


CREATE INDEX payments_balanceoffer_approved_by_id_209afb1b ON public.payments_balanceoffer USING btree (approved_by_id);


CREATE INDEX payments_balanceoffer_proposed_by_id_7980efed ON public.payments_balanceoffer USING btree (proposed_by_id);


CREATE INDEX payments_billrow_run_id_cf8a08bd ON public.payments_billrow USING btree (run_id);


CREATE INDEX payments_gatewayevent_merchant_id_49e9a67b ON public.payments_gatewayevent USING btree (merchant_id);


CREATE INDEX payments_ledgeraccount_code_3d70f056_like ON public.payments_ledgeraccount USING btree (code varchar_pattern_ops);


CREATE INDEX payments_ledgerposting_account_id_28d42a75 ON public.payments_ledgerposting USING btree (account_id);


CREATE INDEX payments_ledgerposting_transaction_id_20b1f40d ON public.payments_ledgerposting USING btree (transaction_id);


CREATE INDEX payments_ledgertransaction_key_b3a31867_like ON public.payments_ledgertransaction USING btree (key varchar_pattern_ops);


CREATE INDEX payments_ledgertransaction_order_id_524e7a51 ON public.payments_ledgertransaction USING btree (order_id);


CREATE INDEX payments_ledgertransaction_refund_id_4dadac33 ON public.payments_ledgertransaction USING btree (refund_id);


CREATE INDEX payments_offlineclaim_claimed_by_id_739fcb9b ON public.payments_offlineclaim USING btree (claimed_by_id);


CREATE INDEX payments_offlineclaim_decided_by_id_82b12624 ON public.payments_offlineclaim USING btree (decided_by_id);


CREATE INDEX payments_offlineclaim_order_id_82095e14 ON public.payments_offlineclaim USING btree (order_id);


CREATE INDEX payments_offlineproof_approved_by_id_4136396c ON public.payments_offlineproof USING btree (approved_by_id);


CREATE INDEX payments_offlineproof_confirmed_by_id_168693af ON public.payments_offlineproof USING btree (confirmed_by_id);


CREATE INDEX payments_paymentattempt_merchant_id_2ef3b3c2 ON public.payments_paymentattempt USING btree (merchant_id);


CREATE INDEX payments_paymentattempt_order_id_d21442a3 ON public.payments_paymentattempt USING btree (order_id);


CREATE INDEX payments_paymentattempt_out_trade_no_1e13fd13_like ON public.payments_paymentattempt USING btree (out_trade_no varchar_pattern_ops);


CREATE INDEX payments_paymenthistory_attempt_id_89ad6891 ON public.payments_paymenthistory USING btree (attempt_id);


CREATE INDEX payments_paymenthistory_order_id_2660be38 ON public.payments_paymenthistory USING btree (order_id);


CREATE INDEX payments_paymenthistory_refund_id_0ed3329d ON public.payments_paymenthistory USING btree (refund_id);


CREATE INDEX payments_paymentorder_number_a50a6343_like ON public.payments_paymentorder USING btree (number varchar_pattern_ops);


CREATE INDEX payments_paymentorder_payer_id_278318dc ON public.payments_paymentorder USING btree (payer_id);


CREATE INDEX payments_platformcertificate_merchant_id_ec445dcd ON public.payments_platformcertificate USING btree (merchant_id);


CREATE INDEX payments_pricehistory_pgh_context_id_2b6ed25f ON public.payments_pricehistory USING btree (pgh_context_id);


CREATE INDEX payments_pricehistory_pgh_obj_id_5cfd6c84 ON public.payments_pricehistory USING btree (pgh_obj_id);


CREATE INDEX payments_reconciliationitem_attempt_id_14d6e642 ON public.payments_reconciliationitem USING btree (attempt_id);


CREATE INDEX payments_reconciliationitem_proposed_by_id_86e47407 ON public.payments_reconciliationitem USING btree (proposed_by_id);


CREATE INDEX payments_reconciliationitem_refund_id_71f12b43 ON public.payments_reconciliationitem USING btree (refund_id);


CREATE INDEX payments_reconciliationitem_resolved_by_id_d9ea2410 ON public.payments_reconciliationitem USING btree (resolved_by_id);


CREATE INDEX payments_reconciliationitem_run_id_18aefef5 ON public.payments_reconciliationitem USING btree (run_id);


CREATE INDEX payments_reconciliationrun_merchant_id_fdbfa1f5 ON public.payments_reconciliationrun USING btree (merchant_id);


CREATE INDEX payments_reconciliationrun_signed_off_by_id_bc758e3f ON public.payments_reconciliationrun USING btree (signed_off_by_id);


CREATE INDEX payments_refund_approved_by_id_bcd22cd9 ON public.payments_refund USING btree (approved_by_id);


CREATE INDEX payments_refund_attempt_id_0b419ab4 ON public.payments_refund USING btree (attempt_id);


CREATE INDEX payments_refund_order_id_ae6ad322 ON public.payments_refund USING btree (order_id);


CREATE INDEX payments_refund_out_refund_no_42c5b719_like ON public.payments_refund USING btree (out_refund_no varchar_pattern_ops);


CREATE INDEX payments_refund_requested_by_id_bc87fa8f ON public.payments_refund USING btree (requested_by_id);


CREATE INDEX payments_refundrequest_decided_by_id_e23a007c ON public.payments_refundrequest USING btree (decided_by_id);


CREATE INDEX payments_refundrequest_order_id_d1c6422b ON public.payments_refundrequest USING btree (order_id);


CREATE INDEX payments_suspenseclearing_decided_by_id_aa949fbb ON public.payments_suspenseclearing USING btree (decided_by_id);


CREATE INDEX payments_suspenseclearing_item_id_1c86b1f3 ON public.payments_suspenseclearing USING btree (item_id);


CREATE INDEX payments_suspenseclearing_proposed_by_id_af7b5e83 ON public.payments_suspenseclearing USING btree (proposed_by_id);


CREATE INDEX person_open ON public.patients_visitperson USING btree (account_id, id) WHERE is_active;


CREATE INDEX phrases_phrase_doctor_id_509ac1e7 ON public.phrases_phrase USING btree (doctor_id);


CREATE INDEX phrases_phraseuse_doctor_id_0c9e3b46 ON public.phrases_phraseuse USING btree (doctor_id);


CREATE INDEX posting_by_account ON public.payments_ledgerposting USING btree (account_id, id DESC);


CREATE INDEX price_rule_lookup ON public.payments_pricerule USING btree (service, scope, valid_from DESC) WHERE is_active;


CREATE INDEX privacy_accountbatch_ordered_by_id_2f4b3ce7 ON public.privacy_accountbatch USING btree (ordered_by_id);


CREATE INDEX privacy_batchitem_account_id_825704d5 ON public.privacy_batchitem USING btree (account_id);


CREATE INDEX push_untold ON public.consultations_doctorpush USING btree (doctor_id) WHERE (told_at IS NULL);


CREATE INDEX quality_of_doctor ON public.complaints_qualityentry USING btree (doctor_id, at);


CREATE INDEX quality_unchecked ON public.customer_service_qualitycheck USING btree (id) WHERE (checked_at IS NULL);


CREATE INDEX realtime_socketticket_expires_at_97f2d3e7 ON public.realtime_socketticket USING btree (expires_at);


CREATE INDEX realtime_socketticket_session_id_f19d0ebd ON public.realtime_socketticket USING btree (session_id);


CREATE INDEX realtime_socketticket_token_hash_5575184f_like ON public.realtime_socketticket USING btree (token_hash varchar_pattern_ops);


CREATE INDEX reconciliation_item_open ON public.payments_reconciliationitem USING btree (run_id) WHERE ((state)::text = 'open'::text);


CREATE INDEX record_by_signing ON public.records_medicalrecord USING btree (signed_at) WHERE ((state)::text = 'signed'::text);


CREATE INDEX record_of_doctor ON public.records_medicalrecord USING btree (doctor_id, id DESC) WHERE ((state)::text = 'signed'::text);


CREATE INDEX record_of_patient ON public.records_medicalrecord USING btree (patient_id, id DESC) WHERE ((state)::text = 'signed'::text);


CREATE INDEX records_medicalrecord_doctor_id_ce731b5b ON public.records_medicalrecord USING btree (doctor_id);


CREATE INDEX records_medicalrecord_number_aa04fc44_like ON public.records_medicalrecord USING btree (number varchar_pattern_ops);


CREATE INDEX records_medicalrecord_patient_id_05e97881 ON public.records_medicalrecord USING btree (patient_id);


CREATE INDEX records_medicalrecord_person_id_e257f308 ON public.records_medicalrecord USING btree (person_id);


CREATE INDEX records_recordaddendum_author_id_a0ba9a18 ON public.records_recordaddendum USING btree (author_id);


CREATE INDEX records_recordaddendum_record_id_fac3e355 ON public.records_recordaddendum USING btree (record_id);


CREATE INDEX records_recorddiagnosis_entry_id_bd718b47 ON public.records_recorddiagnosis USING btree (entry_id);


CREATE INDEX records_recorddiagnosis_record_id_aafda4eb ON public.records_recorddiagnosis USING btree (record_id);


CREATE INDEX refund_by_bill ON public.payments_refund USING btree (billed_on) WHERE (billed_on IS NOT NULL);


CREATE INDEX refund_by_completion ON public.payments_refund USING btree (completed_at) WHERE (completed_at IS NOT NULL);


CREATE UNIQUE INDEX refund_by_rule_once ON public.payments_refund USING btree (order_id, reason) WHERE (((source)::text = 'system'::text) AND (NOT ((status)::text = 'failed'::text)));


CREATE UNIQUE INDEX refund_of_stray_money_once ON public.payments_refund USING btree (attempt_id) WHERE (((source)::text = ANY ((ARRAY['auto_late'::character varying, 'auto_duplicate'::character varying])::text[])) AND (NOT ((status)::text = 'failed'::text)));


CREATE UNIQUE INDEX refund_request_one_waiting ON public.payments_refundrequest USING btree (order_id) WHERE ((state)::text = 'waiting'::text);


CREATE INDEX refund_step_due ON public.payments_refund USING btree (next_try_at) WHERE (next_try_at IS NOT NULL);


CREATE INDEX relation_blocked ON public.relations_relation USING btree (patient_id, doctor_id) WHERE (is_blocked_by_doctor OR is_blocked_by_patient);


CREATE INDEX relation_of_doctor ON public.relations_relation USING btree (doctor_id, latest_consultation_at DESC NULLS LAST, id DESC);


CREATE INDEX relations_broadcast_group_id_2b831841 ON public.relations_broadcast USING btree (group_id);


CREATE INDEX relations_groupmember_relation_id_aab248c4 ON public.relations_groupmember USING btree (relation_id);


CREATE INDEX relations_invite_doctor_id_f155e5da ON public.relations_invite USING btree (doctor_id);


CREATE INDEX relations_invite_scene_0d7867bd_like ON public.relations_invite USING btree (scene varchar_pattern_ops);


CREATE INDEX relations_invitescan_patient_id_527ed1c0 ON public.relations_invitescan USING btree (patient_id);


CREATE INDEX relations_relation_patient_id_94517c18 ON public.relations_relation USING btree (patient_id);


CREATE INDEX relations_relationhistory_pgh_context_id_45bd99d6 ON public.relations_relationhistory USING btree (pgh_context_id);


CREATE INDEX relations_relationhistory_pgh_obj_id_7af8b9dd ON public.relations_relationhistory USING btree (pgh_obj_id);


CREATE INDEX reminder_due ON public.appointments_reminder USING btree (due_at) WHERE ((failed_at IS NULL) AND (sent_at IS NULL));


CREATE INDEX review_about_visible ON public.reviews_review USING btree (about_user_id, id DESC) WHERE ((visibility)::text = 'visible'::text);


CREATE INDEX review_of_target ON public.reviews_review USING btree (target_public_id);


CREATE INDEX reviews_review_about_user_id_36dd137d ON public.reviews_review USING btree (about_user_id);


CREATE INDEX reviews_review_author_id_ed71e278 ON public.reviews_review USING btree (author_id);


CREATE INDEX reviews_reviewhistory_pgh_context_id_211edd74 ON public.reviews_reviewhistory USING btree (pgh_context_id);


CREATE INDEX reviews_reviewhistory_pgh_obj_id_152af085 ON public.reviews_reviewhistory USING btree (pgh_obj_id);


CREATE INDEX revisit_check_of_case ON public.consultations_revisitcheck USING btree (consultation_id, id DESC);


CREATE INDEX sanction_in_force ON public.complaints_sanction USING btree (until) WHERE ((ended_at IS NULL) AND ((kind)::text = 'stop'::text));


CREATE INDEX service_ended ON public.customer_service_servicechat USING btree (ended_at DESC);


CREATE INDEX service_of_customer ON public.customer_service_servicechat USING btree (customer_id, id DESC);


CREATE INDEX service_queue ON public.customer_service_servicechat USING btree (team_id, priority DESC, enqueued_at, id) WHERE ((state)::text = 'waiting'::text);


CREATE INDEX service_served ON public.customer_service_servicechat USING btree (agent_id) WHERE ((state)::text = 'active'::text);


CREATE INDEX session_open ON public.accounts_devicesession USING btree (user_id, id DESC) WHERE (revoked_at IS NULL);


CREATE INDEX short_of_doctor ON public.appointments_appointment USING btree (doctor_id, expires_at) WHERE ((state)::text = ANY ((ARRAY['held'::character varying, 'offered'::character varying])::text[]));


CREATE INDEX short_of_person ON public.appointments_appointment USING btree (person_id, expires_at) WHERE ((state)::text = ANY ((ARRAY['held'::character varying, 'offered'::character varying])::text[]));


CREATE INDEX sla_due ON public.customer_service_slatimer USING btree (due_at) WHERE ((broken_at IS NULL) AND (met_at IS NULL));


CREATE INDEX sla_started ON public.customer_service_slatimer USING btree (started_at);


CREATE INDEX status_at ON public.customer_service_agentstatuschange USING btree (at);


CREATE INDEX status_of_agent ON public.customer_service_agentstatuschange USING btree (agent_id, at);


CREATE INDEX step_days ON public.appointments_appointmentstep USING brin (at) WITH (autosummarize='on', pages_per_range='16');


CREATE INDEX step_of_appointment ON public.appointments_appointmentstep USING btree (appointment_id, id);


CREATE UNIQUE INDEX suspense_clearing_once ON public.payments_suspenseclearing USING btree (item_id) WHERE (NOT ((state)::text = 'rejected'::text));


CREATE INDEX transfer_from_doctor ON public.consultations_transfer USING btree (from_doctor_id, id DESC);


CREATE INDEX transfer_open ON public.consultations_transfer USING btree (answer_by) WHERE ((state)::text = 'offered'::text);


CREATE INDEX transfer_to_doctor ON public.consultations_transfer USING btree (to_doctor_id, id DESC);


CREATE TRIGGER account_balance_by_posting BEFORE UPDATE ON public.payments_ledgeraccount FOR EACH ROW WHEN ((((old.kind)::text IS DISTINCT FROM (new.kind)::text) OR ((old.code)::text IS DISTINCT FROM (new.code)::text) OR ((pg_trigger_depth() = 0) AND ((old.balance_fen IS DISTINCT FROM new.balance_fen) OR (old.last_sequence IS DISTINCT FROM new.last_sequence))))) EXECUTE FUNCTION public.payments_ledger_refuse('ledger_balance_by_posting');


CREATE TRIGGER account_keep BEFORE DELETE ON public.payments_ledgeraccount FOR EACH ROW EXECUTE FUNCTION public.payments_ledger_refuse('ledger_append_only');


CREATE TRIGGER account_no_truncate BEFORE TRUNCATE ON public.payments_ledgeraccount FOR EACH STATEMENT EXECUTE FUNCTION public.payments_ledger_refuse('ledger_append_only');


CREATE TRIGGER account_starts_empty BEFORE INSERT ON public.payments_ledgeraccount FOR EACH ROW WHEN (((COALESCE(new.balance_fen, (0)::bigint) <> 0) OR (new.last_sequence <> 0))) EXECUTE FUNCTION public.payments_ledger_refuse('ledger_balance_by_posting');


CREATE TRIGGER calendar_moved AFTER INSERT OR DELETE ON public.appointments_appointment FOR EACH ROW EXECUTE FUNCTION public.appointments_doctor_moved();


CREATE TRIGGER calendar_moved AFTER INSERT OR DELETE OR UPDATE ON public.appointments_appointmenttype FOR EACH ROW EXECUTE FUNCTION public.appointments_house_moved();


CREATE TRIGGER calendar_moved AFTER INSERT OR DELETE OR UPDATE ON public.appointments_appointmenttype_branches FOR EACH ROW EXECUTE FUNCTION public.appointments_house_moved();


CREATE TRIGGER calendar_moved AFTER INSERT OR DELETE OR UPDATE ON public.appointments_appointmenttype_doctors FOR EACH ROW EXECUTE FUNCTION public.appointments_house_moved();


CREATE TRIGGER calendar_moved AFTER INSERT OR DELETE ON public.doctors_branch FOR EACH ROW EXECUTE FUNCTION public.appointments_house_moved();


CREATE TRIGGER calendar_moved AFTER INSERT OR DELETE OR UPDATE ON public.doctors_branchhours FOR EACH ROW EXECUTE FUNCTION public.appointments_house_moved();


CREATE TRIGGER calendar_moved AFTER INSERT OR DELETE OR UPDATE ON public.doctors_calendarday FOR EACH ROW EXECUTE FUNCTION public.appointments_house_moved();


CREATE TRIGGER calendar_moved AFTER INSERT OR DELETE OR UPDATE ON public.doctors_leave FOR EACH ROW EXECUTE FUNCTION public.appointments_doctor_moved();


CREATE TRIGGER calendar_moved AFTER INSERT OR DELETE OR UPDATE ON public.doctors_workrule FOR EACH ROW EXECUTE FUNCTION public.appointments_house_moved();


CREATE TRIGGER calendar_moved_on AFTER UPDATE OF is_active ON public.accounts_user FOR EACH ROW WHEN ((old.is_active IS DISTINCT FROM new.is_active)) EXECUTE FUNCTION public.appointments_house_moved();


CREATE TRIGGER calendar_moved_on AFTER UPDATE ON public.appointments_appointment FOR EACH ROW WHEN (((((((((old.doctor_id IS DISTINCT FROM new.doctor_id) OR (old.kind_id IS DISTINCT FROM new.kind_id)) OR ((old.state)::text IS DISTINCT FROM (new.state)::text)) OR (old.starts_at IS DISTINCT FROM new.starts_at)) OR (old.busy_from IS DISTINCT FROM new.busy_from)) OR (old.busy_until IS DISTINCT FROM new.busy_until)) OR (old.seats IS DISTINCT FROM new.seats)) OR (old.expires_at IS DISTINCT FROM new.expires_at))) EXECUTE FUNCTION public.appointments_doctor_moved();


CREATE TRIGGER calendar_moved_on AFTER UPDATE OF code, time_zone, is_active ON public.doctors_branch FOR EACH ROW WHEN (((((old.code)::text IS DISTINCT FROM (new.code)::text) OR ((old.time_zone)::text IS DISTINCT FROM (new.time_zone)::text)) OR (old.is_active IS DISTINCT FROM new.is_active))) EXECUTE FUNCTION public.appointments_house_moved();


CREATE TRIGGER calendar_moved_on AFTER UPDATE OF public_id, user_id, branch_id, status, certification, is_appointment_open, licence_valid_until ON public.doctors_doctor FOR EACH ROW WHEN ((((((((old.public_id IS DISTINCT FROM new.public_id) OR (old.user_id IS DISTINCT FROM new.user_id)) OR (old.branch_id IS DISTINCT FROM new.branch_id)) OR ((old.status)::text IS DISTINCT FROM (new.status)::text)) OR ((old.certification)::text IS DISTINCT FROM (new.certification)::text)) OR (old.is_appointment_open IS DISTINCT FROM new.is_appointment_open)) OR (old.licence_valid_until IS DISTINCT FROM new.licence_valid_until))) EXECUTE FUNCTION public.appointments_house_moved();


CREATE TRIGGER pgtrigger_addendum_append_only_eb654 BEFORE DELETE OR UPDATE ON public.records_recordaddendum FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_addendum_append_only_eb654();


COMMENT ON TRIGGER pgtrigger_addendum_append_only_eb654 ON public.records_recordaddendum IS 'dd7f7f3df29c13e0b5c46a77924007ad93c92802';


CREATE TRIGGER pgtrigger_append_only_2bfc4 BEFORE DELETE OR UPDATE ON public.reviews_reviewhistory FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_2bfc4();


COMMENT ON TRIGGER pgtrigger_append_only_2bfc4 ON public.reviews_reviewhistory IS '99862778d938eaeef21dcf539b28843e2b8f0a75';


CREATE TRIGGER pgtrigger_append_only_35060 BEFORE DELETE OR UPDATE ON public.payments_pricehistory FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_35060();


COMMENT ON TRIGGER pgtrigger_append_only_35060 ON public.payments_pricehistory IS '7f4246ee872cc03d6f532bd639df0718b6d98043';


CREATE TRIGGER pgtrigger_append_only_360a5 BEFORE DELETE OR UPDATE ON public.relations_relationhistory FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_360a5();


COMMENT ON TRIGGER pgtrigger_append_only_360a5 ON public.relations_relationhistory IS '3b68923fbde01264105d00d75a277e5b2125880e';


CREATE TRIGGER pgtrigger_append_only_3b35d BEFORE DELETE OR UPDATE ON public.doctors_doctorhistory FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_3b35d();


COMMENT ON TRIGGER pgtrigger_append_only_3b35d ON public.doctors_doctorhistory IS '53f404cf84ea08757efd4eeb65d268844949783d';


CREATE TRIGGER pgtrigger_append_only_4f815 BEFORE DELETE OR UPDATE ON public.accounts_userhistory FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_4f815();


COMMENT ON TRIGGER pgtrigger_append_only_4f815 ON public.accounts_userhistory IS '68ffa9ce3b529c4c151c9348adc79b98119cd550';


CREATE TRIGGER pgtrigger_append_only_60368 BEFORE DELETE OR UPDATE ON public.patients_visitpersonhistory FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_append_only_60368();


COMMENT ON TRIGGER pgtrigger_append_only_60368 ON public.patients_visitpersonhistory IS 'fb32bf1460df676d2cda975fee7bb13208ea8054';


CREATE TRIGGER pgtrigger_assignment_end_is_final_93127 BEFORE UPDATE ON public.consultations_assignment FOR EACH ROW WHEN ((old.ended_at IS NOT NULL)) EXECUTE FUNCTION public.pgtrigger_assignment_end_is_final_93127();


COMMENT ON TRIGGER pgtrigger_assignment_end_is_final_93127 ON public.consultations_assignment IS '7a7a643c14c0f833df8efd05c27aac971295908f';


CREATE TRIGGER pgtrigger_assignment_is_kept_325a9 BEFORE DELETE ON public.consultations_assignment FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_assignment_is_kept_325a9();


COMMENT ON TRIGGER pgtrigger_assignment_is_kept_325a9 ON public.consultations_assignment IS '1a08613e9f54247c4ad65241632ab15c96da8703';


CREATE TRIGGER pgtrigger_assignment_start_is_fixed_d9693 BEFORE UPDATE ON public.consultations_assignment FOR EACH ROW WHEN (((old.id IS DISTINCT FROM new.id) OR (old.consultation_id IS DISTINCT FROM new.consultation_id) OR (old.doctor_id IS DISTINCT FROM new.doctor_id) OR ((old.how)::text IS DISTINCT FROM (new.how)::text) OR ((old.strategy)::text IS DISTINCT FROM (new.strategy)::text) OR ((old.step)::text IS DISTINCT FROM (new.step)::text) OR (old.started_at IS DISTINCT FROM new.started_at))) EXECUTE FUNCTION public.pgtrigger_assignment_start_is_fixed_d9693();


COMMENT ON TRIGGER pgtrigger_assignment_start_is_fixed_d9693 ON public.consultations_assignment IS '2064d3548453f37c726d0c760d0b227a10e53d9b';


CREATE TRIGGER pgtrigger_attempt_append_only_ac335 BEFORE DELETE OR UPDATE ON public.consultations_assignmentattempt FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_attempt_append_only_ac335();


COMMENT ON TRIGGER pgtrigger_attempt_append_only_ac335 ON public.consultations_assignmentattempt IS 'fcc1e269fbd930ee27da61c862d9e035e3a737d8';


CREATE TRIGGER pgtrigger_audit_append_only_697f7 BEFORE DELETE OR UPDATE ON public.core_auditentry FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_audit_append_only_697f7();


COMMENT ON TRIGGER pgtrigger_audit_append_only_697f7 ON public.core_auditentry IS '199e176187b892d3960036f6083fa1b5aa96a4b8';


CREATE TRIGGER pgtrigger_call_is_kept_ddcec BEFORE DELETE ON public.consultations_phonecall FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_call_is_kept_ddcec();


COMMENT ON TRIGGER pgtrigger_call_is_kept_ddcec ON public.consultations_phonecall IS '99340ea9c3838dac1a9b652264379311dabfd818';


CREATE TRIGGER pgtrigger_care_is_fixed_5a5c6 BEFORE UPDATE ON public.consultations_staffcare FOR EACH ROW WHEN (((old.id IS DISTINCT FROM new.id) OR (old.consultation_id IS DISTINCT FROM new.consultation_id) OR (old.staff_id IS DISTINCT FROM new.staff_id) OR (old.started_at IS DISTINCT FROM new.started_at))) EXECUTE FUNCTION public.pgtrigger_care_is_fixed_5a5c6();


COMMENT ON TRIGGER pgtrigger_care_is_fixed_5a5c6 ON public.consultations_staffcare IS '1f82e49d1cd73cbc8814139e5a9f4c07a814323c';


CREATE TRIGGER pgtrigger_care_is_kept_31d2e BEFORE DELETE ON public.consultations_staffcare FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_care_is_kept_31d2e();


COMMENT ON TRIGGER pgtrigger_care_is_kept_31d2e ON public.consultations_staffcare IS '8ea70d4607498f997854e52f6df292e336c8bd0d';


CREATE TRIGGER pgtrigger_chat_moves_append_only_ab241 BEFORE DELETE OR UPDATE ON public.customer_service_chatmove FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_chat_moves_append_only_ab241();


COMMENT ON TRIGGER pgtrigger_chat_moves_append_only_ab241 ON public.customer_service_chatmove IS '3f7321c595b1c2d0b64c80cbe81cace05d756c1d';


CREATE TRIGGER pgtrigger_compensations_append_only_7e9e9 BEFORE DELETE OR UPDATE ON public.complaints_compensation FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_compensations_append_only_7e9e9();


COMMENT ON TRIGGER pgtrigger_compensations_append_only_7e9e9 ON public.complaints_compensation IS '808f032785688bddc051be1db42b7dcc5b43c478';


CREATE TRIGGER pgtrigger_complaint_moves_c6fca BEFORE UPDATE ON public.complaints_complaint FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_complaint_moves_c6fca();


COMMENT ON TRIGGER pgtrigger_complaint_moves_c6fca ON public.complaints_complaint IS '78eaad8aad06b2b771cd788587cca605b3e83404';


CREATE TRIGGER pgtrigger_complaint_notes_append_only_f9c00 BEFORE DELETE OR UPDATE ON public.complaints_complaintnote FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_complaint_notes_append_only_f9c00();


COMMENT ON TRIGGER pgtrigger_complaint_notes_append_only_f9c00 ON public.complaints_complaintnote IS 'faa0dfe3e26407b536828a45ce627e7a3d48b8ef';


CREATE TRIGGER pgtrigger_complaint_steps_append_only_3db28 BEFORE DELETE OR UPDATE ON public.complaints_complaintstep FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_complaint_steps_append_only_3db28();


COMMENT ON TRIGGER pgtrigger_complaint_steps_append_only_3db28 ON public.complaints_complaintstep IS '11ee62162106fc588f797a0e214ee86a1ca119af';


CREATE TRIGGER pgtrigger_consent_texts_frozen_b873d BEFORE DELETE OR UPDATE ON public.patients_consenttext FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_consent_texts_frozen_b873d();


COMMENT ON TRIGGER pgtrigger_consent_texts_frozen_b873d ON public.patients_consenttext IS 'f31ee0f4abbecb9b260429aa84e8149a38eb9829';


CREATE TRIGGER pgtrigger_consent_uses_append_only_618f7 BEFORE DELETE OR UPDATE ON public.patients_consentuse FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_consent_uses_append_only_618f7();


COMMENT ON TRIGGER pgtrigger_consent_uses_append_only_618f7 ON public.patients_consentuse IS 'eefb9c42d31b7f789fc3931a36a8f97d1b9f96db';


CREATE TRIGGER pgtrigger_consents_change_by_revoking_alone_8821a BEFORE UPDATE ON public.patients_consent FOR EACH ROW WHEN (((old.revoked_at IS NOT NULL) OR ((to_jsonb(new.*) - 'revoked_at'::text) IS DISTINCT FROM (to_jsonb(old.*) - 'revoked_at'::text)))) EXECUTE FUNCTION public.pgtrigger_consents_change_by_revoking_alone_8821a();


COMMENT ON TRIGGER pgtrigger_consents_change_by_revoking_alone_8821a ON public.patients_consent IS 'f114cfa5301a0a65c97e085908a5b6bed763cf1b';


CREATE TRIGGER pgtrigger_consents_stay_dc133 BEFORE DELETE ON public.patients_consent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_consents_stay_dc133();


COMMENT ON TRIGGER pgtrigger_consents_stay_dc133 ON public.patients_consent IS '2a365e354e1285f1e5647f3937af563911e4252f';


CREATE TRIGGER pgtrigger_consultation_moves_98248 BEFORE UPDATE ON public.consultations_consultation FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_consultation_moves_98248();


COMMENT ON TRIGGER pgtrigger_consultation_moves_98248 ON public.consultations_consultation IS '7e91416bb1338b63304db7ec4adefd874503dd0b';


CREATE TRIGGER pgtrigger_credential_steps_append_only_cf9b4 BEFORE DELETE OR UPDATE ON public.doctors_credentialstep FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_credential_steps_append_only_cf9b4();


COMMENT ON TRIGGER pgtrigger_credential_steps_append_only_cf9b4 ON public.doctors_credentialstep IS 'c09bc86acf5a6a6f4c31acb531aeeb2a51f22af2';


CREATE TRIGGER pgtrigger_diagnosis_is_signed_dc918 BEFORE INSERT OR DELETE OR UPDATE ON public.records_recorddiagnosis FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_diagnosis_is_signed_dc918();


COMMENT ON TRIGGER pgtrigger_diagnosis_is_signed_dc918 ON public.records_recorddiagnosis IS '368a7317c5e8bf6f5c769edf5350055df3782e90';


CREATE TRIGGER pgtrigger_doctor_is_there_0c382 AFTER INSERT OR UPDATE OF state, doctor_id, starts_at, ends_at ON public.appointments_appointment FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_doctor_is_there_0c382();


COMMENT ON TRIGGER pgtrigger_doctor_is_there_0c382 ON public.appointments_appointment IS '8e2a30fe94f1da1c6dc61e93eef7821a30c75b9b';


CREATE TRIGGER pgtrigger_document_is_kept_d6528 BEFORE DELETE ON public.patients_identitydocument FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_document_is_kept_d6528();


COMMENT ON TRIGGER pgtrigger_document_is_kept_d6528 ON public.patients_identitydocument IS 'eaf1fa28c4dec000b0677f6efd909245571fd7fd';


CREATE TRIGGER pgtrigger_document_moves_1554e BEFORE UPDATE ON public.patients_identitydocument FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_document_moves_1554e();


COMMENT ON TRIGGER pgtrigger_document_moves_1554e ON public.patients_identitydocument IS 'c6ae102474324e710bbbc1b3cfaf6aab2b6e597d';


CREATE TRIGGER pgtrigger_document_steps_append_only_5f9b0 BEFORE DELETE OR UPDATE ON public.patients_identitydocumentstep FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_document_steps_append_only_5f9b0();


COMMENT ON TRIGGER pgtrigger_document_steps_append_only_5f9b0 ON public.patients_identitydocumentstep IS '5d9b0a17764bbc744c120ecfc06b83f19c5a095a';


CREATE TRIGGER pgtrigger_emergency_is_written_once_435a3 BEFORE UPDATE ON public.privacy_emergencyaccess FOR EACH ROW WHEN (((old.id IS DISTINCT FROM new.id) OR (old.public_id IS DISTINCT FROM new.public_id) OR (old.created_at IS DISTINCT FROM new.created_at) OR (old.reader_id IS DISTINCT FROM new.reader_id) OR ((old.role)::text IS DISTINCT FROM (new.role)::text) OR (old.patient_id IS DISTINCT FROM new.patient_id) OR ((old.reason)::text IS DISTINCT FROM (new.reason)::text) OR ((old.words)::text IS DISTINCT FROM (new.words)::text) OR (old.ends_at IS DISTINCT FROM new.ends_at))) EXECUTE FUNCTION public.pgtrigger_emergency_is_written_once_435a3();


COMMENT ON TRIGGER pgtrigger_emergency_is_written_once_435a3 ON public.privacy_emergencyaccess IS '8a8a8cdcbccdb0ddcd422d233d314447cc36349e';


CREATE TRIGGER pgtrigger_emergency_stays_64b62 BEFORE DELETE ON public.privacy_emergencyaccess FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_emergency_stays_64b62();


COMMENT ON TRIGGER pgtrigger_emergency_stays_64b62 ON public.privacy_emergencyaccess IS 'a122a8b10872a4a788bdb75211ec1e916e3555e9';


CREATE TRIGGER pgtrigger_extra_place_ends_once_00097 BEFORE UPDATE ON public.consultations_extraplace FOR EACH ROW WHEN ((old.ended_at IS NOT NULL)) EXECUTE FUNCTION public.pgtrigger_extra_place_ends_once_00097();


COMMENT ON TRIGGER pgtrigger_extra_place_ends_once_00097 ON public.consultations_extraplace IS '5a215d9df5844aaa0a0087a410a3a585d3768845';


CREATE TRIGGER pgtrigger_extra_place_is_fixed_c817e BEFORE UPDATE ON public.consultations_extraplace FOR EACH ROW WHEN (((old.id IS DISTINCT FROM new.id) OR (old.consultation_id IS DISTINCT FROM new.consultation_id) OR (old.doctor_id IS DISTINCT FROM new.doctor_id) OR (old."limit" IS DISTINCT FROM new."limit") OR (old.own_limit IS DISTINCT FROM new.own_limit) OR (old.started_at IS DISTINCT FROM new.started_at))) EXECUTE FUNCTION public.pgtrigger_extra_place_is_fixed_c817e();


COMMENT ON TRIGGER pgtrigger_extra_place_is_fixed_c817e ON public.consultations_extraplace IS '78cabd0e81e51aceb3f676af505ddbd26c0963ca';


CREATE TRIGGER pgtrigger_extra_place_is_kept_d82db BEFORE DELETE ON public.consultations_extraplace FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_extra_place_is_kept_d82db();


COMMENT ON TRIGGER pgtrigger_extra_place_is_kept_d82db ON public.consultations_extraplace IS '4532ad52d47faabe8aa7330497547a4e17376e3f';


CREATE TRIGGER pgtrigger_follow_up_moves_14abd BEFORE UPDATE ON public.consultations_followup FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_follow_up_moves_14abd();


COMMENT ON TRIGGER pgtrigger_follow_up_moves_14abd ON public.consultations_followup IS '948dd46cb415011ad2cace4e93c9a6be424f6982';


CREATE TRIGGER pgtrigger_former_text_append_only_949ba BEFORE DELETE OR UPDATE ON public.chat_messagerevision FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_former_text_append_only_949ba();


COMMENT ON TRIGGER pgtrigger_former_text_append_only_949ba ON public.chat_messagerevision IS 'b8c41c1b17679221ef0dbc3acd6fe7ec97a1c5fa';


CREATE TRIGGER pgtrigger_handling_end_is_final_14bb8 BEFORE UPDATE ON public.customer_service_handling FOR EACH ROW WHEN ((old.ended_at IS NOT NULL)) EXECUTE FUNCTION public.pgtrigger_handling_end_is_final_14bb8();


COMMENT ON TRIGGER pgtrigger_handling_end_is_final_14bb8 ON public.customer_service_handling IS 'bdf4fe929d419d4e22c4704c1d6e68f8d2d5880d';


CREATE TRIGGER pgtrigger_handling_start_is_fixed_f906f BEFORE UPDATE ON public.customer_service_handling FOR EACH ROW WHEN (((old.id IS DISTINCT FROM new.id) OR (old.chat_id IS DISTINCT FROM new.chat_id) OR (old.agent_id IS DISTINCT FROM new.agent_id) OR (old.team_id IS DISTINCT FROM new.team_id) OR ((old.how)::text IS DISTINCT FROM (new.how)::text) OR ((old.actor)::text IS DISTINCT FROM (new.actor)::text) OR (old.started_at IS DISTINCT FROM new.started_at))) EXECUTE FUNCTION public.pgtrigger_handling_start_is_fixed_f906f();


COMMENT ON TRIGGER pgtrigger_handling_start_is_fixed_f906f ON public.customer_service_handling IS '2b5c082bfc1ca18e663490196d050044a07d6855';


CREATE TRIGGER pgtrigger_handling_stays_59c60 BEFORE DELETE ON public.customer_service_handling FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_handling_stays_59c60();


COMMENT ON TRIGGER pgtrigger_handling_stays_59c60 ON public.customer_service_handling IS '56d052d78140f063ad82689415fb61ab69f4f9f3';


CREATE TRIGGER pgtrigger_history_append_only_c0134 BEFORE DELETE OR UPDATE ON public.consultations_consultationevent FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_history_append_only_c0134();


COMMENT ON TRIGGER pgtrigger_history_append_only_c0134 ON public.consultations_consultationevent IS '99488329f0d03916d9798abb77223285d0922259';


CREATE TRIGGER pgtrigger_hold_end_is_final_75235 BEFORE UPDATE ON public.consultations_hold FOR EACH ROW WHEN ((old.ended_at IS NOT NULL)) EXECUTE FUNCTION public.pgtrigger_hold_end_is_final_75235();


COMMENT ON TRIGGER pgtrigger_hold_end_is_final_75235 ON public.consultations_hold IS '61feecc102ccdd3ce7c42b50144134c4eba439e8';


CREATE TRIGGER pgtrigger_hold_is_kept_a3086 BEFORE DELETE ON public.consultations_hold FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_hold_is_kept_a3086();


COMMENT ON TRIGGER pgtrigger_hold_is_kept_a3086 ON public.consultations_hold IS 'a7453df938314e8e90db474297fb4ed65d8c80d5';


CREATE TRIGGER pgtrigger_identity_append_only_ebb0e BEFORE DELETE OR UPDATE ON public.doctors_identitycheck FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_identity_append_only_ebb0e();


COMMENT ON TRIGGER pgtrigger_identity_append_only_ebb0e ON public.doctors_identitycheck IS 'f2f68b067589234c5eaf4306afa297bfb97be195';


CREATE TRIGGER pgtrigger_insert_insert_14aaf AFTER INSERT ON public.relations_relation FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_14aaf();


COMMENT ON TRIGGER pgtrigger_insert_insert_14aaf ON public.relations_relation IS 'b329fa0d5891e695c905820a8203baa6f7d01186';


CREATE TRIGGER pgtrigger_insert_insert_3867c AFTER INSERT ON public.accounts_user FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_3867c();


COMMENT ON TRIGGER pgtrigger_insert_insert_3867c ON public.accounts_user IS '05b7803e240049c6c49f21c3649779816b2f1080';


CREATE TRIGGER pgtrigger_insert_insert_5d51e AFTER INSERT ON public.doctors_doctor FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_5d51e();


COMMENT ON TRIGGER pgtrigger_insert_insert_5d51e ON public.doctors_doctor IS '6327086fd8aec71830f7f0ebe83e7e0518c112ad';


CREATE TRIGGER pgtrigger_insert_insert_5f7dd AFTER INSERT ON public.payments_pricerule FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_5f7dd();


COMMENT ON TRIGGER pgtrigger_insert_insert_5f7dd ON public.payments_pricerule IS 'a2f0a36672d878d696ee6ce82575530f9127a26c';


CREATE TRIGGER pgtrigger_insert_insert_7a7c1 AFTER INSERT ON public.reviews_review FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_7a7c1();


COMMENT ON TRIGGER pgtrigger_insert_insert_7a7c1 ON public.reviews_review IS '73c1f0af6918957acc8ebfd4e5786e15ccc80727';


CREATE TRIGGER pgtrigger_insert_insert_83f5c AFTER INSERT ON public.patients_visitperson FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_insert_insert_83f5c();


COMMENT ON TRIGGER pgtrigger_insert_insert_83f5c ON public.patients_visitperson IS 'f589223d16198f051743247e6784137091b72182';


CREATE TRIGGER pgtrigger_intake_append_only_36fb7 BEFORE DELETE OR UPDATE ON public.consultations_intakesheet FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_intake_append_only_36fb7();


COMMENT ON TRIGGER pgtrigger_intake_append_only_36fb7 ON public.consultations_intakesheet IS '4b21202efd85a02dd026c1a60600c93408bb91b5';


CREATE TRIGGER pgtrigger_intake_before_acceptance_05c1a BEFORE INSERT ON public.consultations_intakesheet FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_intake_before_acceptance_05c1a();


COMMENT ON TRIGGER pgtrigger_intake_before_acceptance_05c1a ON public.consultations_intakesheet IS '49d645d1442044233acea8d1e2f9bb555dd35261';


CREATE TRIGGER pgtrigger_intake_file_append_only_51c88 BEFORE DELETE OR UPDATE ON public.consultations_intakefile FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_intake_file_append_only_51c88();


COMMENT ON TRIGGER pgtrigger_intake_file_append_only_51c88 ON public.consultations_intakefile IS '4d8186f036ac7a0ed5f05212902e435700e17a4c';


CREATE TRIGGER pgtrigger_intake_file_before_acceptance_ec3a6 BEFORE INSERT ON public.consultations_intakefile FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_intake_file_before_acceptance_ec3a6();


COMMENT ON TRIGGER pgtrigger_intake_file_before_acceptance_ec3a6 ON public.consultations_intakefile IS 'd7de00b4181455de8ae5e33069a7b6f3c10574a7';


CREATE TRIGGER pgtrigger_intake_file_of_one_case_58dea BEFORE INSERT ON public.consultations_intakefile FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_intake_file_of_one_case_58dea();


COMMENT ON TRIGGER pgtrigger_intake_file_of_one_case_58dea ON public.consultations_intakefile IS '74b2759f26c3cb96b96486a85b8ab60b39f383cd';


CREATE TRIGGER pgtrigger_leg_append_only_5b392 BEFORE DELETE OR UPDATE ON public.consultations_callleg FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_leg_append_only_5b392();


COMMENT ON TRIGGER pgtrigger_leg_append_only_5b392 ON public.consultations_callleg IS '8aa23299385f8a380a23692f04574b286796ca64';


CREATE TRIGGER pgtrigger_message_keeps_former_text_ecb8d BEFORE DELETE OR UPDATE ON public.chat_message FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_message_keeps_former_text_ecb8d();


COMMENT ON TRIGGER pgtrigger_message_keeps_former_text_ecb8d ON public.chat_message IS 'dd0e03a0897ba17e61a15780874039813625ae87';


CREATE TRIGGER pgtrigger_notes_append_only_e9a52 BEFORE DELETE OR UPDATE ON public.customer_service_note FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_notes_append_only_e9a52();


COMMENT ON TRIGGER pgtrigger_notes_append_only_e9a52 ON public.customer_service_note IS 'a890a2c449800d9affbb929d47619700ff93f5e1';


CREATE TRIGGER pgtrigger_nudge_append_only_e08a8 BEFORE DELETE OR UPDATE ON public.consultations_nudge FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_nudge_append_only_e08a8();


COMMENT ON TRIGGER pgtrigger_nudge_append_only_e08a8 ON public.consultations_nudge IS '8fa3047fc3672d300f5a64650459eaf08757b06a';


CREATE TRIGGER pgtrigger_order_has_a_person_b64f0 BEFORE INSERT ON public.payments_paymentorder FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_order_has_a_person_b64f0();


COMMENT ON TRIGGER pgtrigger_order_has_a_person_b64f0 ON public.payments_paymentorder IS 'c4f6fa10df93e813f25f79f9d437cded3a2f3953';


CREATE TRIGGER pgtrigger_person_is_there_ab86f BEFORE INSERT ON public.appointments_appointment FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_person_is_there_ab86f();


COMMENT ON TRIGGER pgtrigger_person_is_there_ab86f ON public.appointments_appointment IS 'ec06163d1d0d6fa57b84163b8121e45e0949900b';


CREATE TRIGGER pgtrigger_quality_points_are_fixed_b3f41 BEFORE UPDATE ON public.complaints_qualityentry FOR EACH ROW WHEN (((old.id IS DISTINCT FROM new.id) OR (old.doctor_id IS DISTINCT FROM new.doctor_id) OR (old.complaint_id IS DISTINCT FROM new.complaint_id) OR (old.points IS DISTINCT FROM new.points) OR ((old.reason)::text IS DISTINCT FROM (new.reason)::text) OR (old.given_by_id IS DISTINCT FROM new.given_by_id) OR (old.at IS DISTINCT FROM new.at))) EXECUTE FUNCTION public.pgtrigger_quality_points_are_fixed_b3f41();


COMMENT ON TRIGGER pgtrigger_quality_points_are_fixed_b3f41 ON public.complaints_qualityentry IS 'd65d02e7e2ded61cfaee170468e2baf94b848e7d';


CREATE TRIGGER pgtrigger_quality_points_are_kept_3ec2d BEFORE DELETE ON public.complaints_qualityentry FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_quality_points_are_kept_3ec2d();


COMMENT ON TRIGGER pgtrigger_quality_points_are_kept_3ec2d ON public.complaints_qualityentry IS '80a7841d9c3fa548fc902965ecf5a01aabd38d1c';


CREATE TRIGGER pgtrigger_quality_revoked_once_691c3 BEFORE UPDATE ON public.complaints_qualityentry FOR EACH ROW WHEN ((old.revoked_at IS NOT NULL)) EXECUTE FUNCTION public.pgtrigger_quality_revoked_once_691c3();


COMMENT ON TRIGGER pgtrigger_quality_revoked_once_691c3 ON public.complaints_qualityentry IS '026b024e6c627157ce9445109df30201a616474b';


CREATE TRIGGER pgtrigger_raised_flag_append_only_cafe2 BEFORE DELETE OR UPDATE ON public.consultations_raisedflag FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_raised_flag_append_only_cafe2();


COMMENT ON TRIGGER pgtrigger_raised_flag_append_only_cafe2 ON public.consultations_raisedflag IS '6a4aeb99f7fd1df8760a2d3d2e9ce455316f67c1';


CREATE TRIGGER pgtrigger_raised_flag_before_acceptance_908da BEFORE INSERT ON public.consultations_raisedflag FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_raised_flag_before_acceptance_908da();


COMMENT ON TRIGGER pgtrigger_raised_flag_before_acceptance_908da ON public.consultations_raisedflag IS '3806a7d0c0abcb92ada3ed2e3ee57306b2679d44';


CREATE TRIGGER pgtrigger_real_name_checks_stay_25e76 BEFORE DELETE ON public.patients_realnamecheck FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_real_name_checks_stay_25e76();


COMMENT ON TRIGGER pgtrigger_real_name_checks_stay_25e76 ON public.patients_realnamecheck IS 'feb09c24f63ba63cf7417eaff557fd1587898959';


CREATE TRIGGER pgtrigger_real_name_results_stay_1171d BEFORE UPDATE ON public.patients_realnamecheck FOR EACH ROW WHEN ((NOT ((old.result)::text = 'running'::text))) EXECUTE FUNCTION public.pgtrigger_real_name_results_stay_1171d();


COMMENT ON TRIGGER pgtrigger_real_name_results_stay_1171d ON public.patients_realnamecheck IS 'd012e097a5344fabd12fe9ff6a5837e05c26ddc9';


CREATE TRIGGER pgtrigger_receipts_append_only_c8523 BEFORE DELETE OR UPDATE ON public.chat_watermarkmove FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_receipts_append_only_c8523();


COMMENT ON TRIGGER pgtrigger_receipts_append_only_c8523 ON public.chat_watermarkmove IS 'd2123d9d4ee905621e8a914e7e7aaba31df46e1f';


CREATE TRIGGER pgtrigger_record_is_signed_97a32 BEFORE DELETE OR UPDATE ON public.records_medicalrecord FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_record_is_signed_97a32();


COMMENT ON TRIGGER pgtrigger_record_is_signed_97a32 ON public.records_medicalrecord IS 'd81eef25bdcd3eb27df826a23568b08d93649705';


CREATE TRIGGER pgtrigger_revisit_check_append_only_13bda BEFORE DELETE OR UPDATE ON public.consultations_revisitcheck FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_revisit_check_append_only_13bda();


COMMENT ON TRIGGER pgtrigger_revisit_check_append_only_13bda ON public.consultations_revisitcheck IS '1435a257135e81351ba6c8ad5bc095816cc5a0c9';


CREATE TRIGGER pgtrigger_sanction_ends_once_8fc79 BEFORE UPDATE ON public.complaints_sanction FOR EACH ROW WHEN ((old.ended_at IS NOT NULL)) EXECUTE FUNCTION public.pgtrigger_sanction_ends_once_8fc79();


COMMENT ON TRIGGER pgtrigger_sanction_ends_once_8fc79 ON public.complaints_sanction IS 'e3d7a2d920e9b1216468f6eef097e3ef4ba8f2e3';


CREATE TRIGGER pgtrigger_sanction_is_fixed_8360f BEFORE UPDATE ON public.complaints_sanction FOR EACH ROW WHEN (((old.id IS DISTINCT FROM new.id) OR (old.public_id IS DISTINCT FROM new.public_id) OR (old.created_at IS DISTINCT FROM new.created_at) OR (old.doctor_id IS DISTINCT FROM new.doctor_id) OR ((old.kind)::text IS DISTINCT FROM (new.kind)::text) OR ((old.reason)::text IS DISTINCT FROM (new.reason)::text) OR (old.given_by_id IS DISTINCT FROM new.given_by_id) OR (old.until IS DISTINCT FROM new.until) OR (old.was_open IS DISTINCT FROM new.was_open))) EXECUTE FUNCTION public.pgtrigger_sanction_is_fixed_8360f();


COMMENT ON TRIGGER pgtrigger_sanction_is_fixed_8360f ON public.complaints_sanction IS '074248c789e83c53c8ce5a49a9a5a1c09574df6f';


CREATE TRIGGER pgtrigger_sanction_is_kept_0145b BEFORE DELETE ON public.complaints_sanction FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_sanction_is_kept_0145b();


COMMENT ON TRIGGER pgtrigger_sanction_is_kept_0145b ON public.complaints_sanction IS 'd81617113fd1eb6ed5bcf53155f490bda707758a';


CREATE TRIGGER pgtrigger_signed_case_is_a_revisit_de853 BEFORE INSERT OR UPDATE ON public.records_medicalrecord FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_signed_case_is_a_revisit_de853();


COMMENT ON TRIGGER pgtrigger_signed_case_is_a_revisit_de853 ON public.records_medicalrecord IS '893fc8792b2b68dd9af53b736d39f8b163946951';


CREATE TRIGGER pgtrigger_status_log_append_only_0fb10 BEFORE DELETE OR UPDATE ON public.customer_service_agentstatuschange FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_status_log_append_only_0fb10();


COMMENT ON TRIGGER pgtrigger_status_log_append_only_0fb10 ON public.customer_service_agentstatuschange IS '701de711be009a8e6e9d3193f98b568bc187dc0f';


CREATE TRIGGER pgtrigger_steps_append_only_e1ecc BEFORE DELETE OR UPDATE ON public.appointments_appointmentstep FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_steps_append_only_e1ecc();


COMMENT ON TRIGGER pgtrigger_steps_append_only_e1ecc ON public.appointments_appointmentstep IS 'ebf1a97b7e2099f78903c3aef65fe2514e27e0da';


CREATE TRIGGER pgtrigger_transfer_end_is_final_59258 BEFORE UPDATE ON public.consultations_transfer FOR EACH ROW WHEN ((NOT ((old.state)::text = 'offered'::text))) EXECUTE FUNCTION public.pgtrigger_transfer_end_is_final_59258();


COMMENT ON TRIGGER pgtrigger_transfer_end_is_final_59258 ON public.consultations_transfer IS '08aa1d98a8545b187387bad3e2185a5f4b90543c';


CREATE TRIGGER pgtrigger_transfer_is_kept_570ab BEFORE DELETE ON public.consultations_transfer FOR EACH ROW EXECUTE FUNCTION public.pgtrigger_transfer_is_kept_570ab();


COMMENT ON TRIGGER pgtrigger_transfer_is_kept_570ab ON public.consultations_transfer IS '4adaa21ee1c0877e8702c259f6015b7fc09b67ff';


CREATE TRIGGER pgtrigger_update_update_0e890 AFTER UPDATE ON public.accounts_user FOR EACH ROW WHEN (((old.anonymised_at IS DISTINCT FROM new.anonymised_at) OR (old.created_at IS DISTINCT FROM new.created_at) OR (old.id IS DISTINCT FROM new.id) OR (old.is_active IS DISTINCT FROM new.is_active) OR (old.is_staff IS DISTINCT FROM new.is_staff) OR (old.is_superuser IS DISTINCT FROM new.is_superuser) OR ((old.language)::text IS DISTINCT FROM (new.language)::text) OR (old.public_id IS DISTINCT FROM new.public_id))) EXECUTE FUNCTION public.pgtrigger_update_update_0e890();


COMMENT ON TRIGGER pgtrigger_update_update_0e890 ON public.accounts_user IS '5e9863600d24885ad18220fa6331247f1a4083ab';


CREATE TRIGGER pgtrigger_update_update_0f7a4 AFTER UPDATE ON public.relations_relation FOR EACH ROW WHEN (((old.is_blocked_by_doctor IS DISTINCT FROM new.is_blocked_by_doctor) OR (old.is_blocked_by_patient IS DISTINCT FROM new.is_blocked_by_patient) OR (old.is_followed IS DISTINCT FROM new.is_followed) OR ((old.source)::text IS DISTINCT FROM (new.source)::text) OR (old.takes_broadcasts IS DISTINCT FROM new.takes_broadcasts))) EXECUTE FUNCTION public.pgtrigger_update_update_0f7a4();


COMMENT ON TRIGGER pgtrigger_update_update_0f7a4 ON public.relations_relation IS 'f0f23cbd8597c18992ef9a8629779994c79893a1';


CREATE TRIGGER pgtrigger_update_update_3aefa AFTER UPDATE ON public.doctors_doctor FOR EACH ROW WHEN (((old.branch_id IS DISTINCT FROM new.branch_id) OR ((old.certification)::text IS DISTINCT FROM (new.certification)::text) OR (old.department_id IS DISTINCT FROM new.department_id) OR ((old.hospital)::text IS DISTINCT FROM (new.hospital)::text) OR (old.is_phone_open IS DISTINCT FROM new.is_phone_open) OR (old.is_service_open IS DISTINCT FROM new.is_service_open) OR (old.is_text_open IS DISTINCT FROM new.is_text_open) OR ((old.level)::text IS DISTINCT FROM (new.level)::text) OR (old.licence_valid_until IS DISTINCT FROM new.licence_valid_until) OR (old.max_consultations IS DISTINCT FROM new.max_consultations) OR ((old.name)::text IS DISTINCT FROM (new.name)::text) OR (old.phone_price_fen IS DISTINCT FROM new.phone_price_fen) OR ((old.status)::text IS DISTINCT FROM (new.status)::text) OR (old.text_price_fen IS DISTINCT FROM new.text_price_fen))) EXECUTE FUNCTION public.pgtrigger_update_update_3aefa();


COMMENT ON TRIGGER pgtrigger_update_update_3aefa ON public.doctors_doctor IS 'afbab4e0c3e309fdebda051dd674d090fb6ef0a0';


CREATE TRIGGER pgtrigger_update_update_76b45 AFTER UPDATE ON public.patients_visitperson FOR EACH ROW WHEN (((old.account_id IS DISTINCT FROM new.account_id) OR (old.birthday IS DISTINCT FROM new.birthday) OR (old.created_at IS DISTINCT FROM new.created_at) OR ((old.gender)::text IS DISTINCT FROM (new.gender)::text) OR (old.height_cm IS DISTINCT FROM new.height_cm) OR (old.id IS DISTINCT FROM new.id) OR (old.is_active IS DISTINCT FROM new.is_active) OR (old.is_default IS DISTINCT FROM new.is_default) OR (old.public_id IS DISTINCT FROM new.public_id) OR (old.real_name_at IS DISTINCT FROM new.real_name_at) OR ((old.real_name_state)::text IS DISTINCT FROM (new.real_name_state)::text) OR (old.real_name_until IS DISTINCT FROM new.real_name_until) OR ((old.relation)::text IS DISTINCT FROM (new.relation)::text) OR (old.weight_kg IS DISTINCT FROM new.weight_kg))) EXECUTE FUNCTION public.pgtrigger_update_update_76b45();


COMMENT ON TRIGGER pgtrigger_update_update_76b45 ON public.patients_visitperson IS '3a737b59edf98db2e22673b78a9a27d6e63d78fe';


CREATE TRIGGER pgtrigger_update_update_b34c8 AFTER UPDATE ON public.reviews_review FOR EACH ROW WHEN (((old.edited_at IS DISTINCT FROM new.edited_at) OR (old.replied_at IS DISTINCT FROM new.replied_at) OR (old.stars IS DISTINCT FROM new.stars) OR (old.tags IS DISTINCT FROM new.tags) OR ((old.visibility)::text IS DISTINCT FROM (new.visibility)::text))) EXECUTE FUNCTION public.pgtrigger_update_update_b34c8();


COMMENT ON TRIGGER pgtrigger_update_update_b34c8 ON public.reviews_review IS 'd3de62e859dfe3963cc190e05bff5dee562bc04a';


CREATE TRIGGER pgtrigger_update_update_dc1bc AFTER UPDATE ON public.payments_pricerule FOR EACH ROW WHEN (((old.amount_fen IS DISTINCT FROM new.amount_fen) OR (old.is_active IS DISTINCT FROM new.is_active) OR ((old.note)::text IS DISTINCT FROM (new.note)::text) OR (old.valid_from IS DISTINCT FROM new.valid_from) OR (old.valid_until IS DISTINCT FROM new.valid_until))) EXECUTE FUNCTION public.pgtrigger_update_update_dc1bc();


COMMENT ON TRIGGER pgtrigger_update_update_dc1bc ON public.payments_pricerule IS 'f2cedfc22556524c52dd7a5af5e50439cac2f05a';


CREATE TRIGGER pgtrigger_verified_name_changes_unverified_635df BEFORE UPDATE ON public.patients_visitperson FOR EACH ROW WHEN ((((new.real_name_state)::text = 'verified'::text) AND (NOT (new.real_name_at IS DISTINCT FROM old.real_name_at)) AND (((new.name)::text IS DISTINCT FROM (old.name)::text) OR ((new.id_number_index)::text IS DISTINCT FROM (old.id_number_index)::text)))) EXECUTE FUNCTION public.pgtrigger_verified_name_changes_unverified_635df();


COMMENT ON TRIGGER pgtrigger_verified_name_changes_unverified_635df ON public.patients_visitperson IS 'e764898ba87efd923fd9cf9f2e29de2d3d8102b3';


CREATE TRIGGER posting_append_only BEFORE DELETE OR UPDATE ON public.payments_ledgerposting FOR EACH ROW EXECUTE FUNCTION public.payments_ledger_refuse('ledger_append_only');


CREATE CONSTRAINT TRIGGER posting_balanced AFTER INSERT ON public.payments_ledgerposting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.payments_ledger_balanced();


CREATE TRIGGER posting_moves_balance BEFORE INSERT ON public.payments_ledgerposting FOR EACH ROW EXECUTE FUNCTION public.payments_ledger_post();


CREATE TRIGGER posting_no_truncate BEFORE TRUNCATE ON public.payments_ledgerposting FOR EACH STATEMENT EXECUTE FUNCTION public.payments_ledger_refuse('ledger_append_only');


CREATE TRIGGER transaction_append_only BEFORE DELETE OR UPDATE ON public.payments_ledgertransaction FOR EACH ROW EXECUTE FUNCTION public.payments_ledger_refuse('ledger_append_only');


CREATE CONSTRAINT TRIGGER transaction_balanced AFTER INSERT ON public.payments_ledgertransaction DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.payments_ledger_balanced();


CREATE TRIGGER transaction_no_truncate BEFORE TRUNCATE ON public.payments_ledgertransaction FOR EACH STATEMENT EXECUTE FUNCTION public.payments_ledger_refuse('ledger_append_only');


ALTER TABLE ONLY public.accounts_devicesession
    ADD CONSTRAINT accounts_devicesession_user_id_58ed1ceb_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.accounts_recoverycode
    ADD CONSTRAINT accounts_recoverycod_factor_id_cd986632_fk_accounts_ FOREIGN KEY (factor_id) REFERENCES public.accounts_secondfactor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.accounts_secondfactor
    ADD CONSTRAINT accounts_secondfactor_user_id_1e182b70_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_group_id_bd11a704_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.accounts_user_groups
    ADD CONSTRAINT accounts_user_groups_user_id_52b62117_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_p_permission_id_113bb443_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.accounts_user_user_permissions
    ADD CONSTRAINT accounts_user_user_p_user_id_e4f0a161_fk_accounts_ FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_appointmentstep
    ADD CONSTRAINT appointments_appoint_appointment_id_df93db67_fk_appointme FOREIGN KEY (appointment_id) REFERENCES public.appointments_appointment(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_appointmenttype_doctors
    ADD CONSTRAINT appointments_appoint_appointmenttype_id_1a54a669_fk_appointme FOREIGN KEY (appointmenttype_id) REFERENCES public.appointments_appointmenttype(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_appointmenttype_branches
    ADD CONSTRAINT appointments_appoint_appointmenttype_id_1cb0cbbd_fk_appointme FOREIGN KEY (appointmenttype_id) REFERENCES public.appointments_appointmenttype(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_appointmenttype_branches
    ADD CONSTRAINT appointments_appoint_branch_id_502b4e57_fk_doctors_b FOREIGN KEY (branch_id) REFERENCES public.doctors_branch(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_branch_id_f24c15a7_fk_doctors_b FOREIGN KEY (branch_id) REFERENCES public.doctors_branch(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_appointmenttype_doctors
    ADD CONSTRAINT appointments_appoint_doctor_id_531e6479_fk_doctors_d FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_doctor_id_fb58c3a1_fk_doctors_d FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_kind_id_12e833d6_fk_appointme FOREIGN KEY (kind_id) REFERENCES public.appointments_appointmenttype(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_order_id_669d6867_fk_payments_ FOREIGN KEY (order_id) REFERENCES public.payments_paymentorder(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_patient_id_631d13da_fk_accounts_ FOREIGN KEY (patient_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_person_id_b980751b_fk_patients_ FOREIGN KEY (person_id) REFERENCES public.patients_visitperson(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_appointment
    ADD CONSTRAINT appointments_appoint_wanted_doctor_id_d70c1c86_fk_doctors_d FOREIGN KEY (wanted_doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_calendarfeed
    ADD CONSTRAINT appointments_calenda_doctor_id_f810fb0b_fk_doctors_d FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_offer
    ADD CONSTRAINT appointments_offer_appointment_id_8600c7ce_fk_appointme FOREIGN KEY (appointment_id) REFERENCES public.appointments_appointment(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_offer
    ADD CONSTRAINT appointments_offer_doctor_id_67778c74_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.appointments_reminder
    ADD CONSTRAINT appointments_reminde_appointment_id_f92d4208_fk_appointme FOREIGN KEY (appointment_id) REFERENCES public.appointments_appointment(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.chat_member
    ADD CONSTRAINT chat_member_conversation_id_16c76c36_fk_chat_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.chat_conversation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.chat_member
    ADD CONSTRAINT chat_member_user_id_7876c357_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.chat_message
    ADD CONSTRAINT chat_message_attachment_id_501165a3_fk_files_storedfile_id FOREIGN KEY (attachment_id) REFERENCES public.files_storedfile(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.chat_message
    ADD CONSTRAINT chat_message_changed_by_id_f0d3592b_fk_accounts_user_id FOREIGN KEY (changed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.chat_message
    ADD CONSTRAINT chat_message_conversation_id_a1207bf4_fk_chat_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.chat_conversation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.chat_message
    ADD CONSTRAINT chat_message_sender_id_991c686c_fk_accounts_user_id FOREIGN KEY (sender_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.chat_messagerevision
    ADD CONSTRAINT chat_messagerevision_message_id_ef1e8008_fk_chat_message_id FOREIGN KEY (message_id) REFERENCES public.chat_message(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.chat_messagerevision
    ADD CONSTRAINT chat_messagerevision_replaced_by_id_8807fab0_fk_accounts_ FOREIGN KEY (replaced_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.chat_messagewords
    ADD CONSTRAINT chat_messagewords_conversation_id_918da613_fk_chat_conv FOREIGN KEY (conversation_id) REFERENCES public.chat_conversation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.chat_messagewords
    ADD CONSTRAINT chat_messagewords_message_id_f4d0bd05_fk_chat_message_id FOREIGN KEY (message_id) REFERENCES public.chat_message(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.chat_pace
    ADD CONSTRAINT chat_pace_user_id_e181c488_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.chat_watermarkmove
    ADD CONSTRAINT chat_watermarkmove_member_id_8311e4d7_fk_chat_member_id FOREIGN KEY (member_id) REFERENCES public.chat_member(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.chat_wordsmark
    ADD CONSTRAINT chat_wordsmark_conversation_id_fe83844c_fk_chat_conversation_id FOREIGN KEY (conversation_id) REFERENCES public.chat_conversation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_compensation
    ADD CONSTRAINT complaints_compensat_complaint_id_f4f8ccad_fk_complaint FOREIGN KEY (complaint_id) REFERENCES public.complaints_complaint(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_compensation
    ADD CONSTRAINT complaints_compensat_request_id_5a983924_fk_payments_ FOREIGN KEY (request_id) REFERENCES public.payments_refundrequest(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaint
    ADD CONSTRAINT complaints_complaint_about_user_id_f668179b_fk_accounts_user_id FOREIGN KEY (about_user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaintstep
    ADD CONSTRAINT complaints_complaint_complaint_id_4a9e8b8c_fk_complaint FOREIGN KEY (complaint_id) REFERENCES public.complaints_complaint(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaintfile
    ADD CONSTRAINT complaints_complaint_complaint_id_7d40fc35_fk_complaint FOREIGN KEY (complaint_id) REFERENCES public.complaints_complaint(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaintalert
    ADD CONSTRAINT complaints_complaint_complaint_id_d630a8d2_fk_complaint FOREIGN KEY (complaint_id) REFERENCES public.complaints_complaint(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaintnote
    ADD CONSTRAINT complaints_complaint_complaint_id_fd4751ae_fk_complaint FOREIGN KEY (complaint_id) REFERENCES public.complaints_complaint(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaintnote
    ADD CONSTRAINT complaints_complaint_doctor_id_8f1e1b2f_fk_doctors_d FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaintstep
    ADD CONSTRAINT complaints_complaint_doctor_id_e2d68f33_fk_doctors_d FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaint
    ADD CONSTRAINT complaints_complaint_doctor_id_f69f712e_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaintfile
    ADD CONSTRAINT complaints_complaint_file_id_ba081396_fk_files_sto FOREIGN KEY (file_id) REFERENCES public.files_storedfile(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaint
    ADD CONSTRAINT complaints_complaint_former_handler_id_fb8e028c_fk_accounts_ FOREIGN KEY (former_handler_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaint
    ADD CONSTRAINT complaints_complaint_handler_id_be7a03e0_fk_accounts_user_id FOREIGN KEY (handler_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaintfile
    ADD CONSTRAINT complaints_complaint_note_id_3774c4e4_fk_complaint FOREIGN KEY (note_id) REFERENCES public.complaints_complaintnote(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaint
    ADD CONSTRAINT complaints_complaint_patient_id_f3cd838a_fk_accounts_user_id FOREIGN KEY (patient_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_complaintnote
    ADD CONSTRAINT complaints_complaintnote_author_id_3017ab8d_fk_accounts_user_id FOREIGN KEY (author_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_qualityentry
    ADD CONSTRAINT complaints_qualityen_complaint_id_b43ce3dd_fk_complaint FOREIGN KEY (complaint_id) REFERENCES public.complaints_complaint(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_qualityentry
    ADD CONSTRAINT complaints_qualityen_given_by_id_a073a0d9_fk_accounts_ FOREIGN KEY (given_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_qualityentry
    ADD CONSTRAINT complaints_qualityentry_doctor_id_60b3faa5_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_sanction
    ADD CONSTRAINT complaints_sanction_doctor_id_d60e49f3_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_sanction
    ADD CONSTRAINT complaints_sanction_given_by_id_088508b4_fk_accounts_user_id FOREIGN KEY (given_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.complaints_sanction
    ADD CONSTRAINT complaints_sanction_lifted_by_id_1fdaf6c0_fk_accounts_user_id FOREIGN KEY (lifted_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_assignment
    ADD CONSTRAINT consultations_assign_consultation_id_51bf371a_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_assignmentattempt
    ADD CONSTRAINT consultations_assign_consultation_id_e6c663a1_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_assignmentattempt
    ADD CONSTRAINT consultations_assign_doctor_id_2bb410e3_fk_doctors_d FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_assignment
    ADD CONSTRAINT consultations_assign_doctor_id_a98791d6_fk_doctors_d FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_callleg
    ADD CONSTRAINT consultations_callle_call_id_28d880c5_fk_consultat FOREIGN KEY (call_id) REFERENCES public.consultations_phonecall(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_consultationevent
    ADD CONSTRAINT consultations_consul_consultation_id_837960ca_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_consultation
    ADD CONSTRAINT consultations_consul_conversation_id_78c38210_fk_chat_conv FOREIGN KEY (conversation_id) REFERENCES public.chat_conversation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_consultation
    ADD CONSTRAINT consultations_consul_department_id_f9085a50_fk_doctors_d FOREIGN KEY (department_id) REFERENCES public.doctors_department(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_consultation
    ADD CONSTRAINT consultations_consul_doctor_id_d309d94f_fk_doctors_d FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_consultation
    ADD CONSTRAINT consultations_consul_order_id_84576ece_fk_payments_ FOREIGN KEY (order_id) REFERENCES public.payments_paymentorder(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_consultation
    ADD CONSTRAINT consultations_consul_patient_id_6a939c5c_fk_accounts_ FOREIGN KEY (patient_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_consultation
    ADD CONSTRAINT consultations_consul_person_id_519771d2_fk_patients_ FOREIGN KEY (person_id) REFERENCES public.patients_visitperson(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_doctorpush
    ADD CONSTRAINT consultations_doctor_consultation_id_32f969fe_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_doctorpush
    ADD CONSTRAINT consultations_doctor_doctor_id_2f4db55a_fk_doctors_d FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_extraplace
    ADD CONSTRAINT consultations_extrap_consultation_id_ec259099_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_extraplace
    ADD CONSTRAINT consultations_extrap_doctor_id_cf93e8f3_fk_doctors_d FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_followup
    ADD CONSTRAINT consultations_follow_consultation_id_8919e0cd_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_hold
    ADD CONSTRAINT consultations_hold_consultation_id_8c043b36_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_intakesheet
    ADD CONSTRAINT consultations_intake_consultation_id_0c6f0be5_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_intakefile
    ADD CONSTRAINT consultations_intake_consultation_id_68ba343e_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_intakesheet
    ADD CONSTRAINT consultations_intake_earlier_record_id_e32d0d8c_fk_records_m FOREIGN KEY (earlier_record_id) REFERENCES public.records_medicalrecord(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_intakefile
    ADD CONSTRAINT consultations_intake_file_id_78d054b1_fk_files_sto FOREIGN KEY (file_id) REFERENCES public.files_storedfile(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_intakefile
    ADD CONSTRAINT consultations_intake_sheet_id_0e82341b_fk_consultat FOREIGN KEY (sheet_id) REFERENCES public.consultations_intakesheet(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_nudge
    ADD CONSTRAINT consultations_nudge_consultation_id_282e1617_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_nudge
    ADD CONSTRAINT consultations_nudge_doctor_id_0027c7ac_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_phonecall
    ADD CONSTRAINT consultations_phonec_consultation_id_24c0995d_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_phonecall
    ADD CONSTRAINT consultations_phonecall_doctor_id_8ce4c6b4_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_raisedflag
    ADD CONSTRAINT consultations_raised_consultation_id_44e4a126_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_raisedflag
    ADD CONSTRAINT consultations_raised_sheet_id_3e3b5204_fk_consultat FOREIGN KEY (sheet_id) REFERENCES public.consultations_intakesheet(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_revisitcheck
    ADD CONSTRAINT consultations_revisi_consultation_id_ef56c610_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_revisitcheck
    ADD CONSTRAINT consultations_revisi_doctor_id_2bb4af31_fk_doctors_d FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_revisitcheck
    ADD CONSTRAINT consultations_revisi_sheet_id_acf3cfd8_fk_consultat FOREIGN KEY (sheet_id) REFERENCES public.consultations_intakesheet(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_staffcare
    ADD CONSTRAINT consultations_staffc_consultation_id_3cc87a58_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_staffcare
    ADD CONSTRAINT consultations_staffcare_staff_id_01981762_fk_accounts_user_id FOREIGN KEY (staff_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_transfer
    ADD CONSTRAINT consultations_transf_consultation_id_fa6135a0_fk_consultat FOREIGN KEY (consultation_id) REFERENCES public.consultations_consultation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_transfer
    ADD CONSTRAINT consultations_transf_from_doctor_id_6544544a_fk_doctors_d FOREIGN KEY (from_doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.consultations_transfer
    ADD CONSTRAINT consultations_transf_to_doctor_id_13912b48_fk_doctors_d FOREIGN KEY (to_doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_agentstatuschange
    ADD CONSTRAINT customer_service_age_agent_id_45b37b7e_fk_customer_ FOREIGN KEY (agent_id) REFERENCES public.customer_service_agent(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_agent_teams
    ADD CONSTRAINT customer_service_age_agent_id_90fd8f09_fk_customer_ FOREIGN KEY (agent_id) REFERENCES public.customer_service_agent(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_agent_teams
    ADD CONSTRAINT customer_service_age_team_id_34c66799_fk_customer_ FOREIGN KEY (team_id) REFERENCES public.customer_service_team(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_agent
    ADD CONSTRAINT customer_service_agent_user_id_db43741d_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_cannedreply
    ADD CONSTRAINT customer_service_can_owner_id_1efc2869_fk_customer_ FOREIGN KEY (owner_id) REFERENCES public.customer_service_agent(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_cannedreply
    ADD CONSTRAINT customer_service_can_team_id_0cca1b97_fk_customer_ FOREIGN KEY (team_id) REFERENCES public.customer_service_team(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_chatdraft
    ADD CONSTRAINT customer_service_cha_agent_id_202eed06_fk_customer_ FOREIGN KEY (agent_id) REFERENCES public.customer_service_agent(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_chatmove
    ADD CONSTRAINT customer_service_cha_agent_id_263dec66_fk_customer_ FOREIGN KEY (agent_id) REFERENCES public.customer_service_agent(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_chatmove
    ADD CONSTRAINT customer_service_cha_chat_id_1a4612b1_fk_customer_ FOREIGN KEY (chat_id) REFERENCES public.customer_service_servicechat(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_chatdraft
    ADD CONSTRAINT customer_service_cha_chat_id_47bf7292_fk_customer_ FOREIGN KEY (chat_id) REFERENCES public.customer_service_servicechat(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_chatmove
    ADD CONSTRAINT customer_service_cha_team_id_e0c7ad3b_fk_customer_ FOREIGN KEY (team_id) REFERENCES public.customer_service_team(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_handling
    ADD CONSTRAINT customer_service_han_agent_id_5444cf3a_fk_customer_ FOREIGN KEY (agent_id) REFERENCES public.customer_service_agent(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_handling
    ADD CONSTRAINT customer_service_han_chat_id_764e485a_fk_customer_ FOREIGN KEY (chat_id) REFERENCES public.customer_service_servicechat(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_handling
    ADD CONSTRAINT customer_service_han_team_id_8c22253f_fk_customer_ FOREIGN KEY (team_id) REFERENCES public.customer_service_team(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_leftmessage
    ADD CONSTRAINT customer_service_lef_answered_by_id_c206ea58_fk_customer_ FOREIGN KEY (answered_by_id) REFERENCES public.customer_service_agent(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_leftmessage
    ADD CONSTRAINT customer_service_lef_chat_id_d4d3d985_fk_customer_ FOREIGN KEY (chat_id) REFERENCES public.customer_service_servicechat(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_leftmessage
    ADD CONSTRAINT customer_service_lef_customer_id_dc7cef3e_fk_accounts_ FOREIGN KEY (customer_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_leftmessage
    ADD CONSTRAINT customer_service_lef_team_id_3c3d2f6e_fk_customer_ FOREIGN KEY (team_id) REFERENCES public.customer_service_team(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_macro_tags
    ADD CONSTRAINT customer_service_mac_macro_id_2fd338a3_fk_customer_ FOREIGN KEY (macro_id) REFERENCES public.customer_service_macro(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_macro
    ADD CONSTRAINT customer_service_mac_reply_id_4d06872a_fk_customer_ FOREIGN KEY (reply_id) REFERENCES public.customer_service_cannedreply(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_macro_tags
    ADD CONSTRAINT customer_service_mac_tag_id_102d0f7a_fk_customer_ FOREIGN KEY (tag_id) REFERENCES public.customer_service_tag(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_macro
    ADD CONSTRAINT customer_service_mac_team_id_d90d762f_fk_customer_ FOREIGN KEY (team_id) REFERENCES public.customer_service_team(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_macro
    ADD CONSTRAINT customer_service_mac_transfer_to_id_8a3faf6b_fk_customer_ FOREIGN KEY (transfer_to_id) REFERENCES public.customer_service_team(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_note
    ADD CONSTRAINT customer_service_not_author_id_5649c350_fk_customer_ FOREIGN KEY (author_id) REFERENCES public.customer_service_agent(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_note
    ADD CONSTRAINT customer_service_not_chat_id_9a56eb6d_fk_customer_ FOREIGN KEY (chat_id) REFERENCES public.customer_service_servicechat(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_qualitycheck
    ADD CONSTRAINT customer_service_qua_chat_id_416d7164_fk_customer_ FOREIGN KEY (chat_id) REFERENCES public.customer_service_servicechat(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_qualitycheck
    ADD CONSTRAINT customer_service_qua_checked_by_id_03667466_fk_accounts_ FOREIGN KEY (checked_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_servicechat
    ADD CONSTRAINT customer_service_ser_agent_id_e6892a6e_fk_customer_ FOREIGN KEY (agent_id) REFERENCES public.customer_service_agent(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_servicechat
    ADD CONSTRAINT customer_service_ser_conversation_id_43482dd2_fk_chat_conv FOREIGN KEY (conversation_id) REFERENCES public.chat_conversation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_servicechat
    ADD CONSTRAINT customer_service_ser_customer_id_7280b3ae_fk_accounts_ FOREIGN KEY (customer_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_servicechat_tags
    ADD CONSTRAINT customer_service_ser_servicechat_id_2a81c7de_fk_customer_ FOREIGN KEY (servicechat_id) REFERENCES public.customer_service_servicechat(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_servicechat_tags
    ADD CONSTRAINT customer_service_ser_tag_id_0cd37a3e_fk_customer_ FOREIGN KEY (tag_id) REFERENCES public.customer_service_tag(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_servicechat
    ADD CONSTRAINT customer_service_ser_team_id_c586780b_fk_customer_ FOREIGN KEY (team_id) REFERENCES public.customer_service_team(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_slatimer
    ADD CONSTRAINT customer_service_sla_chat_id_0dec7652_fk_customer_ FOREIGN KEY (chat_id) REFERENCES public.customer_service_servicechat(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_team
    ADD CONSTRAINT customer_service_tea_fallback_id_6d7f31e0_fk_customer_ FOREIGN KEY (fallback_id) REFERENCES public.customer_service_team(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_teamhours
    ADD CONSTRAINT customer_service_tea_team_id_2421e0ad_fk_customer_ FOREIGN KEY (team_id) REFERENCES public.customer_service_team(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.customer_service_teamday
    ADD CONSTRAINT customer_service_tea_team_id_c909a102_fk_customer_ FOREIGN KEY (team_id) REFERENCES public.customer_service_team(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.django_celery_beat_periodictask
    ADD CONSTRAINT django_celery_beat_p_clocked_id_47a69f82_fk_django_ce FOREIGN KEY (clocked_id) REFERENCES public.django_celery_beat_clockedschedule(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.django_celery_beat_periodictask
    ADD CONSTRAINT django_celery_beat_p_crontab_id_d3cba168_fk_django_ce FOREIGN KEY (crontab_id) REFERENCES public.django_celery_beat_crontabschedule(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.django_celery_beat_periodictask
    ADD CONSTRAINT django_celery_beat_p_interval_id_a8ca27da_fk_django_ce FOREIGN KEY (interval_id) REFERENCES public.django_celery_beat_intervalschedule(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.django_celery_beat_periodictask
    ADD CONSTRAINT django_celery_beat_p_solar_id_a87ce72c_fk_django_ce FOREIGN KEY (solar_id) REFERENCES public.django_celery_beat_solarschedule(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_branchhours
    ADD CONSTRAINT doctors_branchhours_branch_id_51924377_fk_doctors_branch_id FOREIGN KEY (branch_id) REFERENCES public.doctors_branch(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_calendarday
    ADD CONSTRAINT doctors_calendarday_branch_id_84e43afb_fk_doctors_branch_id FOREIGN KEY (branch_id) REFERENCES public.doctors_branch(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_calendarday
    ADD CONSTRAINT doctors_calendarday_doctor_id_b8b658c7_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_credential
    ADD CONSTRAINT doctors_credential_back_id_a6cd9654_fk_files_storedfile_id FOREIGN KEY (back_id) REFERENCES public.files_storedfile(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_credential
    ADD CONSTRAINT doctors_credential_doctor_id_dfe95e78_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_credential
    ADD CONSTRAINT doctors_credential_front_id_af286168_fk_files_storedfile_id FOREIGN KEY (front_id) REFERENCES public.files_storedfile(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_credentialalert
    ADD CONSTRAINT doctors_credentialal_credential_id_c9550911_fk_doctors_c FOREIGN KEY (credential_id) REFERENCES public.doctors_credential(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_credentialstep
    ADD CONSTRAINT doctors_credentialst_credential_id_d1b15352_fk_doctors_c FOREIGN KEY (credential_id) REFERENCES public.doctors_credential(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_doctor
    ADD CONSTRAINT doctors_doctor_branch_id_e6630523_fk_doctors_branch_id FOREIGN KEY (branch_id) REFERENCES public.doctors_branch(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_doctor
    ADD CONSTRAINT doctors_doctor_department_id_9373bfe8_fk_doctors_department_id FOREIGN KEY (department_id) REFERENCES public.doctors_department(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_doctor
    ADD CONSTRAINT doctors_doctor_user_id_c371de6c_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_doctorpresence
    ADD CONSTRAINT doctors_doctorpresence_doctor_id_782fb12a_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_identitycheck
    ADD CONSTRAINT doctors_identitycheck_doctor_id_d4d1d427_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_leave
    ADD CONSTRAINT doctors_leave_doctor_id_4a3214fe_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_servicehours
    ADD CONSTRAINT doctors_servicehours_doctor_id_2f5fe8a9_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_workrule
    ADD CONSTRAINT doctors_workrule_branch_id_1820c8b5_fk_doctors_branch_id FOREIGN KEY (branch_id) REFERENCES public.doctors_branch(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.doctors_workrule
    ADD CONSTRAINT doctors_workrule_doctor_id_da0bf004_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.files_storedfile
    ADD CONSTRAINT files_storedfile_owner_id_fdad082d_fk_accounts_user_id FOREIGN KEY (owner_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.notifications_notice
    ADD CONSTRAINT notifications_notice_user_id_552cc228_fk_accounts_user_id FOREIGN KEY (user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.patients_consent
    ADD CONSTRAINT patients_consent_account_id_a6fb3fd8_fk_accounts_user_id FOREIGN KEY (account_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.patients_consent
    ADD CONSTRAINT patients_consent_person_id_618e20ff_fk_patients_visitperson_id FOREIGN KEY (person_id) REFERENCES public.patients_visitperson(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.patients_consent
    ADD CONSTRAINT patients_consent_text_id_500bb21f_fk_patients_consenttext_id FOREIGN KEY (text_id) REFERENCES public.patients_consenttext(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.patients_consentuse
    ADD CONSTRAINT patients_consentuse_consent_id_47a8f82b_fk_patients_consent_id FOREIGN KEY (consent_id) REFERENCES public.patients_consent(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.patients_identitydocument
    ADD CONSTRAINT patients_identitydoc_back_id_df3fe569_fk_files_sto FOREIGN KEY (back_id) REFERENCES public.files_storedfile(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.patients_identitydocumentstep
    ADD CONSTRAINT patients_identitydoc_document_id_597ecda2_fk_patients_ FOREIGN KEY (document_id) REFERENCES public.patients_identitydocument(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.patients_identitydocument
    ADD CONSTRAINT patients_identitydoc_front_id_de2b0905_fk_files_sto FOREIGN KEY (front_id) REFERENCES public.files_storedfile(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.patients_identitydocument
    ADD CONSTRAINT patients_identitydoc_person_id_9f5129b8_fk_patients_ FOREIGN KEY (person_id) REFERENCES public.patients_visitperson(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.patients_realnamecheck
    ADD CONSTRAINT patients_realnameche_person_id_e3bbd5b4_fk_patients_ FOREIGN KEY (person_id) REFERENCES public.patients_visitperson(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.patients_visitperson
    ADD CONSTRAINT patients_visitperson_account_id_4f60a03d_fk_accounts_user_id FOREIGN KEY (account_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_balanceoffer
    ADD CONSTRAINT payments_balanceoffe_approved_by_id_209afb1b_fk_accounts_ FOREIGN KEY (approved_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_balanceoffer
    ADD CONSTRAINT payments_balanceoffe_proposed_by_id_7980efed_fk_accounts_ FOREIGN KEY (proposed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_balanceoffer
    ADD CONSTRAINT payments_balanceoffer_refund_id_1c553559_fk_payments_refund_id FOREIGN KEY (refund_id) REFERENCES public.payments_refund(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_billrow
    ADD CONSTRAINT payments_billrow_run_id_cf8a08bd_fk_payments_ FOREIGN KEY (run_id) REFERENCES public.payments_reconciliationrun(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_gatewayevent
    ADD CONSTRAINT payments_gatewayeven_merchant_id_49e9a67b_fk_payments_ FOREIGN KEY (merchant_id) REFERENCES public.payments_merchantconfig(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_ledgerposting
    ADD CONSTRAINT payments_ledgerposti_account_id_28d42a75_fk_payments_ FOREIGN KEY (account_id) REFERENCES public.payments_ledgeraccount(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_ledgerposting
    ADD CONSTRAINT payments_ledgerposti_transaction_id_20b1f40d_fk_payments_ FOREIGN KEY (transaction_id) REFERENCES public.payments_ledgertransaction(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_ledgertransaction
    ADD CONSTRAINT payments_ledgertrans_order_id_524e7a51_fk_payments_ FOREIGN KEY (order_id) REFERENCES public.payments_paymentorder(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_ledgertransaction
    ADD CONSTRAINT payments_ledgertrans_refund_id_4dadac33_fk_payments_ FOREIGN KEY (refund_id) REFERENCES public.payments_refund(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_offlineclaim
    ADD CONSTRAINT payments_offlineclai_claimed_by_id_739fcb9b_fk_accounts_ FOREIGN KEY (claimed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_offlineclaim
    ADD CONSTRAINT payments_offlineclai_decided_by_id_82b12624_fk_accounts_ FOREIGN KEY (decided_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_offlineclaim
    ADD CONSTRAINT payments_offlineclai_order_id_82095e14_fk_payments_ FOREIGN KEY (order_id) REFERENCES public.payments_paymentorder(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_offlineproof
    ADD CONSTRAINT payments_offlineproo_approved_by_id_4136396c_fk_accounts_ FOREIGN KEY (approved_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_offlineproof
    ADD CONSTRAINT payments_offlineproo_attempt_id_107e9113_fk_payments_ FOREIGN KEY (attempt_id) REFERENCES public.payments_paymentattempt(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_offlineproof
    ADD CONSTRAINT payments_offlineproo_confirmed_by_id_168693af_fk_accounts_ FOREIGN KEY (confirmed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_paymentattempt
    ADD CONSTRAINT payments_paymentatte_merchant_id_2ef3b3c2_fk_payments_ FOREIGN KEY (merchant_id) REFERENCES public.payments_merchantconfig(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_paymentattempt
    ADD CONSTRAINT payments_paymentatte_order_id_d21442a3_fk_payments_ FOREIGN KEY (order_id) REFERENCES public.payments_paymentorder(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_paymenthistory
    ADD CONSTRAINT payments_paymenthist_attempt_id_89ad6891_fk_payments_ FOREIGN KEY (attempt_id) REFERENCES public.payments_paymentattempt(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_paymenthistory
    ADD CONSTRAINT payments_paymenthist_order_id_2660be38_fk_payments_ FOREIGN KEY (order_id) REFERENCES public.payments_paymentorder(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_paymenthistory
    ADD CONSTRAINT payments_paymenthist_refund_id_0ed3329d_fk_payments_ FOREIGN KEY (refund_id) REFERENCES public.payments_refund(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_paymentorder
    ADD CONSTRAINT payments_paymentorder_payer_id_278318dc_fk_accounts_user_id FOREIGN KEY (payer_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_platformcertificate
    ADD CONSTRAINT payments_platformcer_merchant_id_ec445dcd_fk_payments_ FOREIGN KEY (merchant_id) REFERENCES public.payments_merchantconfig(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_recognisedincome
    ADD CONSTRAINT payments_recognisedi_order_id_026431d2_fk_payments_ FOREIGN KEY (order_id) REFERENCES public.payments_paymentorder(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_reconciliationitem
    ADD CONSTRAINT payments_reconciliat_attempt_id_14d6e642_fk_payments_ FOREIGN KEY (attempt_id) REFERENCES public.payments_paymentattempt(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_reconciliationrun
    ADD CONSTRAINT payments_reconciliat_merchant_id_fdbfa1f5_fk_payments_ FOREIGN KEY (merchant_id) REFERENCES public.payments_merchantconfig(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_reconciliationitem
    ADD CONSTRAINT payments_reconciliat_proposed_by_id_86e47407_fk_accounts_ FOREIGN KEY (proposed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_reconciliationitem
    ADD CONSTRAINT payments_reconciliat_refund_id_71f12b43_fk_payments_ FOREIGN KEY (refund_id) REFERENCES public.payments_refund(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_reconciliationitem
    ADD CONSTRAINT payments_reconciliat_resolved_by_id_d9ea2410_fk_accounts_ FOREIGN KEY (resolved_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_reconciliationitem
    ADD CONSTRAINT payments_reconciliat_run_id_18aefef5_fk_payments_ FOREIGN KEY (run_id) REFERENCES public.payments_reconciliationrun(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_reconciliationrun
    ADD CONSTRAINT payments_reconciliat_signed_off_by_id_bc758e3f_fk_accounts_ FOREIGN KEY (signed_off_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_refund
    ADD CONSTRAINT payments_refund_approved_by_id_bcd22cd9_fk_accounts_user_id FOREIGN KEY (approved_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_refund
    ADD CONSTRAINT payments_refund_attempt_id_0b419ab4_fk_payments_ FOREIGN KEY (attempt_id) REFERENCES public.payments_paymentattempt(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_refund
    ADD CONSTRAINT payments_refund_order_id_ae6ad322_fk_payments_paymentorder_id FOREIGN KEY (order_id) REFERENCES public.payments_paymentorder(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_refund
    ADD CONSTRAINT payments_refund_requested_by_id_bc87fa8f_fk_accounts_user_id FOREIGN KEY (requested_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_refundrequest
    ADD CONSTRAINT payments_refundreque_decided_by_id_e23a007c_fk_accounts_ FOREIGN KEY (decided_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_refundrequest
    ADD CONSTRAINT payments_refundreque_order_id_d1c6422b_fk_payments_ FOREIGN KEY (order_id) REFERENCES public.payments_paymentorder(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_refundrequest
    ADD CONSTRAINT payments_refundrequest_refund_id_489d5049_fk_payments_refund_id FOREIGN KEY (refund_id) REFERENCES public.payments_refund(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_suspenseclearing
    ADD CONSTRAINT payments_suspensecle_decided_by_id_aa949fbb_fk_accounts_ FOREIGN KEY (decided_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_suspenseclearing
    ADD CONSTRAINT payments_suspensecle_item_id_1c86b1f3_fk_payments_ FOREIGN KEY (item_id) REFERENCES public.payments_reconciliationitem(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.payments_suspenseclearing
    ADD CONSTRAINT payments_suspensecle_proposed_by_id_af7b5e83_fk_accounts_ FOREIGN KEY (proposed_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.phrases_phrase
    ADD CONSTRAINT phrases_phrase_doctor_id_509ac1e7_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.phrases_phraseuse
    ADD CONSTRAINT phrases_phraseuse_doctor_id_0c9e3b46_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.phrases_phraseuse
    ADD CONSTRAINT phrases_phraseuse_phrase_id_87ef1365_fk_phrases_phrase_id FOREIGN KEY (phrase_id) REFERENCES public.phrases_phrase(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.privacy_accountbatch
    ADD CONSTRAINT privacy_accountbatch_ordered_by_id_2f4b3ce7_fk_accounts_user_id FOREIGN KEY (ordered_by_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.privacy_batchitem
    ADD CONSTRAINT privacy_batchitem_account_id_825704d5_fk_accounts_user_id FOREIGN KEY (account_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.privacy_batchitem
    ADD CONSTRAINT privacy_batchitem_batch_id_063d323c_fk_privacy_accountbatch_id FOREIGN KEY (batch_id) REFERENCES public.privacy_accountbatch(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.privacy_dataexport
    ADD CONSTRAINT privacy_dataexport_account_id_7b157a2d_fk_accounts_user_id FOREIGN KEY (account_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.privacy_deletionrequest
    ADD CONSTRAINT privacy_deletionrequest_account_id_97e23520_fk_accounts_user_id FOREIGN KEY (account_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.privacy_emergencyaccess
    ADD CONSTRAINT privacy_emergencyaccess_patient_id_6895d6ad_fk_accounts_user_id FOREIGN KEY (patient_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.privacy_emergencyaccess
    ADD CONSTRAINT privacy_emergencyaccess_reader_id_66820766_fk_accounts_user_id FOREIGN KEY (reader_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.realtime_socketticket
    ADD CONSTRAINT realtime_socketticke_session_id_f19d0ebd_fk_accounts_ FOREIGN KEY (session_id) REFERENCES public.accounts_devicesession(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.records_medicalrecord
    ADD CONSTRAINT records_medicalrecor_person_id_e257f308_fk_patients_ FOREIGN KEY (person_id) REFERENCES public.patients_visitperson(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.records_medicalrecord
    ADD CONSTRAINT records_medicalrecord_doctor_id_ce731b5b_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.records_medicalrecord
    ADD CONSTRAINT records_medicalrecord_patient_id_05e97881_fk_accounts_user_id FOREIGN KEY (patient_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.records_recordaddendum
    ADD CONSTRAINT records_recordaddend_record_id_fac3e355_fk_records_m FOREIGN KEY (record_id) REFERENCES public.records_medicalrecord(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.records_recordaddendum
    ADD CONSTRAINT records_recordaddendum_author_id_a0ba9a18_fk_doctors_doctor_id FOREIGN KEY (author_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.records_recorddiagnosis
    ADD CONSTRAINT records_recorddiagno_entry_id_bd718b47_fk_records_d FOREIGN KEY (entry_id) REFERENCES public.records_diagnosiscode(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.records_recorddiagnosis
    ADD CONSTRAINT records_recorddiagno_record_id_aafda4eb_fk_records_m FOREIGN KEY (record_id) REFERENCES public.records_medicalrecord(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.relations_broadcast
    ADD CONSTRAINT relations_broadcast_doctor_id_83fc4825_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.relations_broadcast
    ADD CONSTRAINT relations_broadcast_group_id_2b831841_fk_relations FOREIGN KEY (group_id) REFERENCES public.relations_patientgroup(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.relations_delivery
    ADD CONSTRAINT relations_delivery_broadcast_id_9179b6c5_fk_relations FOREIGN KEY (broadcast_id) REFERENCES public.relations_broadcast(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.relations_delivery
    ADD CONSTRAINT relations_delivery_relation_id_d4b5e0db_fk_relations FOREIGN KEY (relation_id) REFERENCES public.relations_relation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.relations_groupmember
    ADD CONSTRAINT relations_groupmembe_group_id_33e83b2f_fk_relations FOREIGN KEY (group_id) REFERENCES public.relations_patientgroup(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.relations_groupmember
    ADD CONSTRAINT relations_groupmembe_relation_id_aab248c4_fk_relations FOREIGN KEY (relation_id) REFERENCES public.relations_relation(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.relations_invite
    ADD CONSTRAINT relations_invite_doctor_id_f155e5da_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.relations_inviteimage
    ADD CONSTRAINT relations_inviteimage_invite_id_c3d8faf1_fk_relations_invite_id FOREIGN KEY (invite_id) REFERENCES public.relations_invite(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.relations_invitescan
    ADD CONSTRAINT relations_invitescan_invite_id_931fcf6c_fk_relations_invite_id FOREIGN KEY (invite_id) REFERENCES public.relations_invite(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.relations_invitescan
    ADD CONSTRAINT relations_invitescan_patient_id_527ed1c0_fk_accounts_user_id FOREIGN KEY (patient_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.relations_patientgroup
    ADD CONSTRAINT relations_patientgroup_doctor_id_7088e9af_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.relations_relation
    ADD CONSTRAINT relations_relation_doctor_id_98bde0ec_fk_doctors_doctor_id FOREIGN KEY (doctor_id) REFERENCES public.doctors_doctor(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.relations_relation
    ADD CONSTRAINT relations_relation_patient_id_94517c18_fk_accounts_user_id FOREIGN KEY (patient_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.reviews_review
    ADD CONSTRAINT reviews_review_about_user_id_36dd137d_fk_accounts_user_id FOREIGN KEY (about_user_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;


ALTER TABLE ONLY public.reviews_review
    ADD CONSTRAINT reviews_review_author_id_ed71e278_fk_accounts_user_id FOREIGN KEY (author_id) REFERENCES public.accounts_user(id) DEFERRABLE INITIALLY DEFERRED;



