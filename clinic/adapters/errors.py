"""The one error tree of outside services. The caller decides on retry by type and `permanent`."""


class AdapterError(Exception):
    """An outside service did not do what was asked; the message holds no personal data."""

    def __init__(self, message: str, *, permanent: bool) -> None:
        """Keep the message and whether the same call can ever succeed."""
        super().__init__(message)
        self.message = message
        self.permanent = permanent


class DefiniteError(AdapterError):
    """Refused with a believed answer: nothing happened. `code` is the service's own word."""

    def __init__(self, message: str, *, code: str = "", status: int = 0) -> None:
        """Keep the service's error code and HTTP status (0 when refused before sending)."""
        super().__init__(message, permanent=True)
        self.code = code
        self.status = status


class NotExistError(DefiniteError):
    """The service does not know the number asked for."""


class TransientError(AdapterError):
    """Nothing happened, or nothing could happen: the same call may be repeated as it is."""

    def __init__(self, message: str, *, code: str = "") -> None:
        """Keep the service's error code, empty when it was never reached."""
        super().__init__(message, permanent=False)
        self.code = code


class NotReachedError(TransientError):
    """No connection came about: the same call may go to another host of the service."""


class UnknownOutcomeError(AdapterError):
    """Sent, but no believed answer came back: only a query of the same number tells."""

    def __init__(self, message: str, *, code: str = "") -> None:
        """Keep the service's error code, empty when no believed answer came."""
        super().__init__(message, permanent=False)
        self.code = code
