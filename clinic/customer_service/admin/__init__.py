"""Console screens of customer service."""

from clinic.customer_service.admin import (
    agents,
    chats,
    figures,
    holidays,
    pages,
    quality,
    teams,
    words,
)

__all__ = ["agents", "chats", "figures", "holidays", "pages", "quality", "teams", "words"]
