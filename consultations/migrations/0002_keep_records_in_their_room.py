from django.db import migrations

COPY = """
INSERT INTO records_medicalrecord (
  public_id, created_at, number, doctor_id, person_id, patient_id, subject_kind, subject_public_id,
  chief_complaint, present_history, past_history, allergies, looking, listening, asking, palpation,
  tongue, pulse, diagnosis, principle, advice, state, signed_at, printed, content_hash, key_id,
  signature, verify_token)
SELECT gen_random_uuid(), r.signed_at,
  to_char(r.signed_at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDD') || lpad(r.id::text, 8, '0'),
  r.doctor_id, c.person_id, c.patient_id, 'consultation', c.public_id,
  c.complaint, '', '', '', '', '', '', '', '', '', r.diagnosis, '', r.advice, 'signed', r.signed_at,
  jsonb_build_object(
    'clinic', '', 'doctor', d.name, 'hospital', d.hospital, 'department', n.name,
    'level', CASE d.level WHEN 'resident' THEN '住院医师' WHEN 'attending' THEN '主治医师'
      WHEN 'associate_chief' THEN '副主任医师' ELSE '主任医师' END,
    'person', p.name, 'birthday', p.birthday,
    'gender', CASE p.gender WHEN 'male' THEN '男' WHEN 'female' THEN '女' ELSE '未说明' END,
    'age', date_part('year', age((r.signed_at AT TIME ZONE 'Asia/Shanghai')::date, p.birthday))),
  '', '', '', replace(gen_random_uuid()::text, '-', '')
FROM consultations_consultationrecord r
JOIN consultations_consultation c ON c.id = r.consultation_id
JOIN patients_visitperson p ON p.id = c.person_id
JOIN doctors_doctor d ON d.id = r.doctor_id
JOIN doctors_department n ON n.id = d.department_id
ON CONFLICT (subject_kind, subject_public_id) DO NOTHING
"""
BRING_BACK = """
INSERT INTO consultations_consultationrecord (consultation_id, doctor_id, diagnosis, advice, signed_at)
SELECT c.id, r.doctor_id, r.diagnosis, r.advice, r.signed_at
FROM records_medicalrecord r
JOIN consultations_consultation c ON c.public_id = r.subject_public_id
WHERE r.state = 'signed' AND r.subject_kind = 'consultation'
ON CONFLICT (consultation_id) DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('consultations', '0001_consultations'),
        ('records', '0001_records'),
    ]

    operations = [migrations.RunSQL(COPY, BRING_BACK)]
