"""The price of a consultation, before it is ordered."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from clinic.core.api.views import ApiView
from clinic.core.clock import now
from clinic.core.errors import NotFoundError
from consultations.selectors.prices import asked_price
from doctors.enums import Level
from payments.errors import PriceNotSetError
from payments.selectors.prices import TEXT_CONSULTATION


class PriceQuery(Serializer[Any]):
    """What is to be priced; a doctor brings his own level and department."""

    service = serializers.CharField(max_length=40, default=TEXT_CONSULTATION)
    doctor = serializers.UUIDField(required=False)
    level = serializers.ChoiceField(choices=Level.choices, required=False)
    department = serializers.CharField(max_length=40, required=False)


class PriceOut(Serializer[Any]):
    """A price, the kind of rule behind it, and its announced end if there is one."""

    amount_fen = serializers.IntegerField()
    source = serializers.CharField()  # type: ignore[assignment]  # a name of DRF
    valid_until = serializers.DateTimeField(allow_null=True)


class PriceView(ApiView):
    """Price of a service for a doctor, or for a level or a department."""

    resource = "price"
    verbs = {"GET": "read"}
    query_serializer_class = PriceQuery
    errors = (PriceNotSetError, NotFoundError)

    @extend_schema(responses=PriceOut)
    def get(self, _request: Request) -> Response:
        """Price of a service for a doctor, or for a level or a department."""
        asked = self.query()
        price = asked_price(
            service=asked["service"],
            doctor_id=asked.get("doctor"),
            level=asked.get("level", ""),
            department_code=asked.get("department", ""),
            now=now(),
        )
        return Response(PriceOut(price).data)
