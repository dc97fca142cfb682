-- The past of an Easy!Appointments as old as the house of bench/visits.py: 150 doctors, 500 patients
-- and 48,000 appointments of the last months. Running it again makes the same anew.
--   mariadb easyappointments < bench/peers/easyappointments_history.sql
DELETE FROM ea_users WHERE last_name = 'history';
INSERT INTO ea_users (first_name, last_name, email, phone_number, timezone, language, id_roles)
    SELECT CONCAT('Doctor ', seq), 'history', CONCAT('doctor-', seq, '@history.example'),
        '+8613800000000', 'UTC', 'english', 2 FROM seq_1_to_150;
INSERT INTO ea_users (first_name, last_name, email, phone_number, timezone, language, id_roles)
    SELECT CONCAT('Patient ', seq), 'history', CONCAT('patient-', seq, '@history.example'),
        '+8613700000000', 'UTC', 'english', 3 FROM seq_1_to_500;
SET @doctor = (SELECT MIN(id) FROM ea_users WHERE last_name = 'history' AND id_roles = 2);
SET @patient = (SELECT MIN(id) FROM ea_users WHERE last_name = 'history' AND id_roles = 3);
SET @service = (SELECT MIN(id) FROM ea_services);
SET @first = TIMESTAMP(CURRENT_DATE - INTERVAL 40 DAY, '09:00:00');
-- Each date has ten appointments of each doctor, one after the other.
INSERT INTO ea_appointments (book_datetime, start_datetime, end_datetime, notes, hash, status,
        id_users_provider, id_users_customer, id_services)
    SELECT @first, starts, starts + INTERVAL 30 MINUTE, '', hash, 'Booked', doctor, patient, @service
    FROM (
        SELECT @first + INTERVAL seq DIV 1500 DAY + INTERVAL 30 * (seq DIV 150 MOD 10) MINUTE
                AS starts,
            LEFT(MD5(seq), 12) AS hash, @doctor + seq MOD 150 AS doctor,
            @patient + seq MOD 500 AS patient
        FROM seq_0_to_47999
    ) AS history;
