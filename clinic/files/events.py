"""Facts about files."""

from clinic.core.events import Event, event


@event
class FileStored(Event):
    """A file was stored that the scanner has to look at."""

    file_id: int
