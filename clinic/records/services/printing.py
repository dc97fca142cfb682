"""The door to printed records: what draws them is loaded with the first one."""

from clinic.records.errors import NoFontError
from clinic.records.models import MedicalRecord


def print_record(record: MedicalRecord) -> bytes:
    """Return the PDF of a signed record with its addenda. Raises NoFontError.

    The bytes depend on the record alone: printing again gives the same paper.
    """
    # fpdf and fontTools: 16 MB and a third of a second for each process that may never print.
    from clinic.core.papers.sheet import NoFaceError  # noqa: PLC0415
    from clinic.records.services.paper import paper_of  # noqa: PLC0415

    try:
        return paper_of(record)
    except NoFaceError:
        raise NoFontError from None
