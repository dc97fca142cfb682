"""What the comparison stores."""

from django.db import models


class StockMessage(models.Model):
    """One line of a room."""

    room = models.CharField(max_length=40, db_index=True)
    user = models.CharField(max_length=40)
    body = models.TextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "stock"

    def __str__(self) -> str:
        return f"{self.room}: {self.user}"
