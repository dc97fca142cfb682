"""Tables of medical records."""

from clinic.records.models.addendum import RecordAddendum
from clinic.records.models.codes import DiagnosisCode
from clinic.records.models.record import MedicalRecord, RecordDiagnosis

__all__ = ["DiagnosisCode", "MedicalRecord", "RecordAddendum", "RecordDiagnosis"]
