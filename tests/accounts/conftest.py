"""What the account tests share."""

from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from tests.accounts import fakes

PHONE = "+8613800138000"
PASSWORD = "Wildleek-88"


@pytest.fixture(autouse=True)
def _fake_gateway(settings: Settings) -> None:
    """Codes go to the fake instead of the message service."""
    settings.CODE_GATEWAY = "tests.accounts.fakes.FakeCodeGateway"
    fakes.forget_all()


def post(path: str, body: Any, token: str = "", **headers: str) -> Any:
    """Send one JSON request from a fresh client."""
    client = APIClient()
    if token:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client.post(f"/api/v1/{path}", body, format="json", headers=headers or None)


def get_code(phone: str, purpose: str) -> str:
    """Ask for a code and return the one that was sent."""
    answer = post("auth/codes", {"phone": phone, "purpose": purpose})
    assert answer.status_code == 202, answer.json()
    return fakes.last_code(phone)


def register(phone: str = PHONE, **extra: Any) -> dict[str, Any]:
    """Register a patient and return the answer."""
    body = {"phone": phone, "password": PASSWORD, "code": get_code(phone, "register"), **extra}
    answer = post("auth/register", body)
    assert answer.status_code == 201, answer.json()
    return dict(answer.json())
