"""Makes the merchant of the local gateway."""

from typing import Any

from django.core.management.base import BaseCommand

from payments.services.merchants import ensure_embedded_merchant


class Command(BaseCommand):
    """Make the embedded merchant if it is not there."""

    help = "Make the merchant account of the local payment gateway, once."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print the address at which the gateway reports."""
        merchant = ensure_embedded_merchant()
        self.stdout.write(f"payments/callbacks/{merchant.provider}/{merchant.public_id}/")
