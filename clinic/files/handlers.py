"""What the room does about its facts."""

from clinic.core.events import handles
from clinic.files.events import FileStored
from clinic.files.services.sweeping import scan_file


@handles(FileStored)
def scan_stored_file(fact: FileStored) -> None:
    """Ask the scanner."""
    scan_file(fact.file_id)
