"""Tables of the room."""

from clinic.privacy.models.batches import AccountBatch, BatchItem
from clinic.privacy.models.deletion import DeletionRequest
from clinic.privacy.models.emergency import EmergencyAccess
from clinic.privacy.models.exports import DataExport

__all__ = ["AccountBatch", "BatchItem", "DataExport", "DeletionRequest", "EmergencyAccess"]
