"""What a patient sees of his own wishes."""

from django.db.models import QuerySet

from clinic.accounts.models import User
from clinic.core.actor import Actor
from clinic.privacy.models import DataExport, DeletionRequest


def exports_of(actor: Actor) -> QuerySet[DataExport]:
    """Return the actor's own archives, newest first."""
    return DataExport.objects.filter(account_id=actor.user_id or 0).order_by("-id")


def latest_deletion(account: User) -> DeletionRequest | None:
    """Return the newest wish to be forgotten."""
    return DeletionRequest.objects.filter(account=account).order_by("-id").first()
