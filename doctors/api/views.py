"""Endpoints that everybody reads: departments, branches, doctors."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from clinic.core.api.query import PageQuery
from clinic.core.api.views import ApiView, json_answer
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from clinic.reviews.api.serializers import ReviewOut
from clinic.reviews.selectors import reviews_about, statistics_about
from doctors import selectors
from doctors.api import permissions
from doctors.api.rendering import card, stretch
from doctors.api.serializers import (
    BranchOut,
    DepartmentOut,
    DepartmentQuery,
    DoctorCard,
    DoctorDetail,
    DoctorQuery,
)
from doctors.models import Doctor
from doctors.selectors.search import (
    DoctorSearch,
    card_of,
    hours_of,
    open_branches,
    open_departments,
    page_of_doctors,
)


class DepartmentListView(ApiView):
    """Departments that are offered."""

    resource = permissions.DEPARTMENT
    verbs: ClassVar = {"GET": "list"}
    rate = "600/m"
    query_serializer_class = DepartmentQuery

    @extend_schema(responses=DepartmentOut(many=True))
    def get(self, _request: Request) -> Response:
        """Search departments by name or code."""
        return self.page(open_departments(self.query()["keyword"]), DepartmentOut)


class BranchListView(ApiView):
    """Places of the clinic."""

    resource = permissions.BRANCH
    verbs: ClassVar = {"GET": "list"}
    rate = "600/m"
    query_serializer_class = PageQuery

    @extend_schema(responses=BranchOut(many=True))
    def get(self, _request: Request) -> Response:
        """List the branches that patients can visit."""
        return self.page(open_branches(), BranchOut)


class DoctorListView(ApiView):
    """Doctors whom patients can consult."""

    resource = permissions.DOCTOR
    verbs: ClassVar = {"GET": "list"}
    rate = "600/m"
    query_serializer_class = DoctorQuery

    @extend_schema(responses=DoctorCard(many=True))
    def get(self, _request: Request) -> HttpResponse:
        """Search doctors by department, keyword, level and presence."""
        asked, moment = self.query(), now()
        page, size = asked.pop("page"), asked.pop("page_size")
        found = page_of_doctors(DoctorSearch(**asked), moment, page=page, size=size)
        shown = [card(row, moment) for row in found.cards]
        return json_answer(
            {"count": found.count, "page": page, "page_size": size, "results": shown}
        )


class DoctorView(ApiView):
    """One doctor."""

    resource = permissions.DOCTOR
    verbs: ClassVar = {"GET": "read"}
    rate = "600/m"

    @extend_schema(responses=DoctorDetail)
    def get(self, _request: Request, public_id: UUID) -> HttpResponse:
        """Show a doctor with hours and rating."""
        values = card_of(public_id)
        if values is None:
            raise NotFoundError
        figures = statistics_about(values["user_id"])
        return json_answer(
            {
                **card(values, now()),
                "hours": [stretch(*row) for row in hours_of(values["pk"])],
                "rating": {
                    "average": str(figures.average),
                    "count": figures.count,
                    "by_star": {str(star): times for star, times in figures.by_star.items()},
                },
            }
        )


class DoctorReviewListView(ApiView):
    """What patients say about a doctor."""

    resource = permissions.DOCTOR
    verbs: ClassVar = {"GET": "list_reviews"}
    rate = "600/m"
    query_serializer_class = PageQuery

    @extend_schema(responses=ReviewOut(many=True))
    def get(self, _request: Request, public_id: UUID) -> Response:
        """List the visible reviews about a doctor, newest first."""
        return self.page(reviews_about(_listed(public_id).user_id), ReviewOut)


def _listed(public_id: UUID) -> Doctor:
    doctor = selectors.get_doctor(public_id)
    if doctor is None:
        raise NotFoundError
    return doctor
