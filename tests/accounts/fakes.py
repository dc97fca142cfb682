"""The code gateway of the tests: keeps what would have been sent."""

from clinic.accounts.enums import CodePurpose
from clinic.adapters.errors import AdapterError


class FakeCodeGateway:
    """Remembers codes by phone; ``failure`` is raised instead when set."""

    sent: list[tuple[str, CodePurpose, str]] = []
    failure: AdapterError | None = None

    def send(self, *, phone: str, code: str, purpose: CodePurpose) -> None:
        """Remember one code."""
        if FakeCodeGateway.failure is not None:
            raise FakeCodeGateway.failure
        FakeCodeGateway.sent.append((phone, purpose, code))


def forget_all() -> None:
    """Start empty."""
    FakeCodeGateway.sent = []
    FakeCodeGateway.failure = None


def last_code(phone: str) -> str:
    """Return the code that the phone got last."""
    return next(code for to, _, code in reversed(FakeCodeGateway.sent) if to == phone)
