"""Tables of the shared ground."""

from clinic.core.models.audit import AuditEntry
from clinic.core.models.base import PublicModel
from clinic.core.models.counter import RateCounter
from clinic.core.models.idempotency import IdempotencyRecord
from clinic.core.models.job import JobRun
from clinic.core.models.outbox import OutboxEvent

__all__ = ["AuditEntry", "IdempotencyRecord", "JobRun", "OutboxEvent", "PublicModel", "RateCounter"]
