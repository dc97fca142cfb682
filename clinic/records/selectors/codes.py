"""Finding codes of diagnoses."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from clinic.records.models import DiagnosisCode


def codes_in_use(*, system: str, search: str) -> QuerySet[DiagnosisCode]:
    """Return codes a doctor may pick, best first: by code, by first characters, by any part."""
    rows = DiagnosisCode.objects.filter(is_active=True, is_category=False)
    if system:
        rows = rows.filter(system=system)
    if search:
        rows = rows.filter(Q(code__istartswith=search) | Q(name__icontains=search))
    begins = Case(
        When(code__iexact=search, then=Value(0)),
        When(name__istartswith=search, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.order_by(begins, "system", "code")


def entries_in_use(wanted: list[tuple[str, str]]) -> dict[tuple[str, str], DiagnosisCode]:
    """Return the entries in use of these (table, code) pairs, category words among them."""
    codes = [code for _system, code in wanted]
    rows = DiagnosisCode.objects.filter(is_active=True, code__in=codes)
    found = {(row.system, row.code): row for row in rows}
    return {pair: found[pair] for pair in wanted if pair in found}
