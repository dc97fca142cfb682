"""Console screens of customer service."""

from clinic.customer_service.admin import (
    agents,
    chats,
    desk,
    figures,
    holidays,
    pages,
    quality,
    teams,
    words,
)

__all__ = ["agents", "chats", "desk", "figures", "holidays", "pages", "quality", "teams", "words"]
