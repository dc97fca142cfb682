"""Reading, editing and answering reviews."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.views import ApiView, get_or_404
from clinic.core.clock import now
from clinic.reviews import selectors
from clinic.reviews.api import permissions  # noqa: F401 declares the policy rows
from clinic.reviews.api.serializers import ReplyIn, ReviewIn, ReviewOut
from clinic.reviews.errors import AlreadyRepliedError, ReviewTooOldError
from clinic.reviews.services.reviews import edit_review, reply_to_review


class ReviewView(ApiView):
    """One review."""

    resource = "review"
    verbs: ClassVar = {"GET": "read", "PATCH": "edit"}
    errors = (ReviewTooOldError,)

    @extend_schema(responses=ReviewOut)
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Read a review."""
        review = get_or_404(selectors.visible_to(self.actor), public_id=public_id)
        return Response(ReviewOut(review).data)

    @extend_schema(request=ReviewIn, responses=ReviewOut)
    def patch(self, _request: Request, public_id: UUID) -> Response:
        """Replace your own review within 24 hours."""
        review = get_or_404(selectors.written_by(self.actor), public_id=public_id)
        said = self.input(ReviewIn)
        return Response(ReviewOut(edit_review(review, moment=now(), **said)).data)


class ReviewReplyView(ApiView):
    """Answer a review about you, once."""

    resource = "review"
    verbs: ClassVar = {"POST": "reply"}
    errors = (AlreadyRepliedError,)

    @extend_schema(request=ReplyIn, responses={201: ReviewOut})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Answer a review about you, once."""
        review = get_or_404(selectors.received_by(self.actor), public_id=public_id)
        answered = reply_to_review(review, text=self.input(ReplyIn)["text"])
        return Response(ReviewOut(answered).data, status=201)
