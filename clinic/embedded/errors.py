"""What can stop a start, as sentences for people. Standard library only: settings import this."""

from collections.abc import Callable


def gettext_noop(msgid: str) -> str:
    """Mark a sentence for the catalogue and return it unchanged.

    Django's own marker needs configured settings, and these errors can arise before that.
    """
    return msgid


class EmbeddedError(Exception):
    """A start or stop that cannot go on; the sentence says what to do next."""

    def __init__(self, msgid: str, **fields: object) -> None:
        self.msgid = msgid
        self.fields = fields
        super().__init__(msgid % fields)

    def translated(self, gettext: Callable[[str], str]) -> str:
        """Return the sentence in the language that `gettext` speaks."""
        return gettext(self.msgid) % self.fields
