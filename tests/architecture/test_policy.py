"""A new endpoint without a row in the policy table fails here."""

import pytest

from clinic.core import policy
from clinic.core.api.views import ApiView
from tests.architecture.operations import Operation, all_routes, api_operations

OPERATIONS = api_operations()
# Addresses below /api/ that are no ApiView, each with the reason.
PLAIN = {
    "api/schema/": "the OpenAPI document",
    "api/docs/": "its reader",
    "api/redoc/": "its reader",
    "api/docs/errors/": "the list of error codes",
    "api/v1/calls/reports": "signed by the provider of calls",
    "api/v1/payments/callbacks/<str:provider>/<uuid:merchant_public_id>/": "signed by the gateway",
    "api/v1/payments/callbacks/wechat_v3/<uuid:merchant_public_id>/": "signed by the gateway",
}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_operation_has_a_policy_row_a_limit_and_a_summary(operation: Operation) -> None:
    view = operation.view
    assert issubclass(view, ApiView)

    assert operation.method in view.verbs, "verbs lacks this method"
    assert policy.rights(view.resource, view.verbs[operation.method])
    assert view.rate
    method = getattr(view, operation.method.lower())
    assert (method.__doc__ or view.__doc__ or "").strip()


def test_every_address_below_the_api_is_an_api_view() -> None:
    strays = [
        route
        for route, view in all_routes()
        if route.startswith(("api/", "1.1/"))
        and not (view is not None and issubclass(view, ApiView))
        and route not in PLAIN
    ]

    assert strays == []


def test_views_name_no_verb_without_a_method() -> None:
    wrong = [
        f"{operation.view.__name__}.{method}"
        for operation in OPERATIONS
        for method in operation.view.verbs
        if not hasattr(operation.view, method.lower())
    ]

    assert wrong == []


def test_every_policy_row_is_used() -> None:
    used = {
        (operation.view.resource, operation.view.verbs.get(operation.method))
        for operation in OPERATIONS
    }
    unused = [
        f"{resource}.{verb}"
        for resource, verbs in policy.table().items()
        for verb in verbs
        if (resource, verb) not in used
    ]

    assert unused == []
