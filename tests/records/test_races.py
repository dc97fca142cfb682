"""Two at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from clinic.core.clock import now
from clinic.records.models import MedicalRecord, RecordAddendum
from clinic.records.selectors.contents import is_untouched
from clinic.records.services.addenda import add_addendum
from clinic.records.services.drafts import save_draft
from clinic.records.services.signing import sign
from tests.cast import Member
from tests.doctors_cast import DoctorMember
from tests.records.conftest import TOLD, care_of

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AT_ONCE = 4


def test_corrections_at_once_stand_in_one_chain(lin: Member, shen: DoctorMember) -> None:
    record = sign(care_of(lin, shen), told=TOLD, now=now())
    start = Barrier(AT_ONCE)

    def correct(number: int) -> None:
        start.wait(10)
        add_addendum(record.pk, reason="补充", text=f"第{number}条", actor=shen.actor)
        connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(correct, range(AT_ONCE)))

    assert RecordAddendum.objects.count() == AT_ONCE
    assert is_untouched(MedicalRecord.objects.get())


def test_first_drafts_at_once_make_one_record(lin: Member, shen: DoctorMember) -> None:
    care, start = care_of(lin, shen), Barrier(AT_ONCE)

    def save(name: str) -> int:
        start.wait(10)
        key = save_draft(care, told={name: "有"}).pk
        connection.close()
        return key

    with ThreadPoolExecutor(AT_ONCE) as pool:
        keys = set(pool.map(save, ["tongue", "pulse", "asking", "looking"]))

    record = MedicalRecord.objects.get()
    assert keys == {record.pk}
    assert {record.tongue, record.pulse, record.asking, record.looking} == {"有"}
