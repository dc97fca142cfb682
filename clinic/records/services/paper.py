"""A signed record as a PDF, in Chinese as the law wants it."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from clinic.core.clock import clinic_time
from clinic.core.papers.sheet import LINE, SMALL, Head, Sheet
from clinic.records.enums import CodeSystem
from clinic.records.models import MedicalRecord, RecordAddendum
from clinic.records.selectors.contents import addenda_in_order
from clinic.records.services.signing import PRINTED_LANGUAGE

CODE_SIDE = 30.0  # mm
SIGNED_BLOCK = CODE_SIDE + 6


def paper_of(record: MedicalRecord) -> bytes:
    """Return the PDF of a signed record. Raises NoFaceError on a machine without a font."""
    with translation.override(PRINTED_LANGUAGE):
        return _printed(record)


def verification_address(record: MedicalRecord) -> str:
    """Return the public address that proves a printed copy."""
    return f"{settings.PUBLIC_BASE_URL}{reverse('verify-record', args=[record.verify_token])}"


def _printed(record: MedicalRecord) -> bytes:
    addenda = addenda_in_order(record)
    facts, sections = _facts(record), _sections(record)
    last = addenda[-1].signed_at if addenda else record.signed_at or record.created_at
    told = [text for pair in (*facts, *sections) for text in pair]
    told += [f"{one.reason}{one.text}{one.author_name}" for one in addenda]
    sheet = Sheet(_head(record), text="".join(told), moment=last)
    sheet.facts(facts)
    if addenda:
        corrected = _("This record was corrected: see the addenda below the signature (%(count)s).")
        sheet.paragraph(corrected % {"count": len(addenda)}, size=SMALL)
    for title, text in sections:
        sheet.heading(title)
        sheet.paragraph(text)
    _sign(sheet, record)
    for addendum in addenda:
        _add(sheet, addendum)
    return sheet.finished()


def _head(record: MedicalRecord) -> Head:
    lines = [
        (_("Practice licence"), settings.CLINIC_LICENCE),
        (_("Address"), settings.CLINIC_ADDRESS),
        (_("Telephone"), settings.CLINIC_PHONE),
    ]
    return Head(
        clinic=record.printed["clinic"],
        lines=["　".join(f"{name}：{value}" for name, value in lines if value)],
        title=_("Outpatient record (online care)"),
        foot=_("Record number %(number)s") % {"number": record.number},
        page_words=_("Page {page} of {pages}"),
        running=f"{record.printed['clinic']}　{_('Patient name')}：{record.printed['person']}",
    )


def _facts(record: MedicalRecord) -> list[tuple[str, str]]:
    who = record.printed
    doctor = " ".join(part for part in (who["doctor"], who["level"]) if part)
    return [
        (_("Patient name"), who["person"]),
        (_("Gender"), who["gender"]),
        (_("Age"), "" if who["age"] is None else _("%(years)s years") % {"years": who["age"]}),
        (_("Department"), who["department"]),
        (_("Doctor"), doctor),
        (_("Date of the visit"), _moment(record.signed_at)[:10]),
    ]


def _sections(record: MedicalRecord) -> list[tuple[str, str]]:
    """Return the sections that say something, in the order of the writing rules."""
    four = [
        (_("Looking"), record.looking),
        (_("Listening and smelling"), record.listening),
        (_("Asking"), record.asking),
        (_("Palpation"), record.palpation),
        (_("Tongue"), record.tongue),
        (_("Pulse"), record.pulse),
    ]
    told = [
        (_("Chief complaint"), record.chief_complaint),
        (_("History of the present illness"), record.present_history),
        (_("Past history"), record.past_history),
        (_("Allergies"), record.allergies),
        (_("Four examinations"), "\n".join(f"{name}：{text}" for name, text in four if text)),
        (_("Diagnosis"), _diagnosis(record)),
        (_("Treatment principle"), record.principle),
        (_("Advice"), record.advice),
    ]
    return [(title, text) for title, text in told if text]


def _diagnosis(record: MedicalRecord) -> str:
    rows = sorted(record.diagnoses.all(), key=lambda row: row.position)
    coded = [
        f"{row.position}. {row.name}　{row.code}（{CodeSystem(row.system).label}，{row.edition}）"
        for row in rows
    ]
    return "\n".join([record.diagnosis, *coded])


def _sign(sheet: Sheet, record: MedicalRecord) -> None:
    sheet.ln(3)
    sheet.keep_together(SIGNED_BLOCK)
    sheet.rule()
    top = sheet.get_y()
    side = sheet.l_margin + sheet.epw - CODE_SIDE
    sheet.square_code(verification_address(record), x=side, y=top, side=CODE_SIDE)
    sheet.set_y(top + 1)
    who = record.printed["doctor"]
    sheet.paragraph(_("Signed electronically by %(doctor)s") % {"doctor": who})
    sheet.paragraph(_("Signed at %(moment)s") % {"moment": _moment(record.signed_at)})
    _write_hash(sheet, record.content_hash)
    sheet.paragraph(_("Scan the code to check this copy."), size=SMALL, is_grey=True)
    sheet.set_y(max(sheet.get_y(), top + CODE_SIDE) + 2)


def _add(sheet: Sheet, addendum: RecordAddendum) -> None:
    sheet.keep_together(8 * LINE)
    sheet.rule()
    sheet.heading(_("Addendum %(number)s") % {"number": addendum.position})
    sheet.paragraph(_("Reason: %(reason)s") % {"reason": addendum.reason})
    sheet.paragraph(addendum.text)
    sheet.keep_together(3 * LINE)
    sheet.paragraph(
        _("Signed electronically by %(doctor)s, %(moment)s")
        % {"doctor": addendum.author_name, "moment": _moment(addendum.signed_at)}
    )
    _write_hash(sheet, addendum.content_hash)


def _write_hash(sheet: Sheet, digest: str) -> None:
    if digest:
        sheet.paragraph(f"SHA-256 {digest[:32]}", size=SMALL, is_grey=True)
        sheet.paragraph(f"　　　　 {digest[32:]}", size=SMALL, is_grey=True)


def _moment(moment: datetime | None) -> str:
    return f"{clinic_time(moment):%Y-%m-%d %H:%M}" if moment else ""
