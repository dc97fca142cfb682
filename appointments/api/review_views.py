"""Endpoints of the rating of a visit."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appointments import errors
from appointments.api.views import AppointmentView
from appointments.selectors.appointments import SUBJECT_KIND, own, visible_to
from appointments.services import reviewing
from clinic.core.api.views import get_or_404
from clinic.reviews.api.serializers import ReviewIn, ReviewOut
from clinic.reviews.errors import AlreadyReviewedError
from clinic.reviews.selectors import review_of_target


class VisitReviewOutput(serializers.Serializer[Any]):
    """The rating of a visit; null while there is none."""

    review = ReviewOut(allow_null=True)


class AppointmentReviewView(AppointmentView):
    """The rating of a visit."""

    verbs: ClassVar = {"GET": "read_review", "POST": "review"}
    rate = "30/m"
    errors: ClassVar = (
        errors.VisitNotCompletedError,
        errors.VisitReviewTooLateError,
        AlreadyReviewedError,
    )

    @extend_schema(responses={200: VisitReviewOutput})
    def get(self, _request: Request, public_id: UUID) -> Response:
        """Show the rating of a visit."""
        row = get_or_404(visible_to(self.actor), public_id=public_id)
        stored = review_of_target(SUBJECT_KIND, row.public_id)
        return Response({"review": ReviewOut(stored).data if stored else None})

    @extend_schema(request=ReviewIn, responses={201: ReviewOut})
    def post(self, _request: Request, public_id: UUID) -> Response:
        """Rate a completed visit, once."""
        pk = self.key_among(own(self.actor), public_id)
        stored = reviewing.review(pk, actor=self.actor, **self.input(ReviewIn))
        return Response(ReviewOut(stored).data, status=201)
