"""Prices hold for a time, never two at once, and every version is kept."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from clinic.core.clock import clinic_time, now
from clinic.core.ids import uuid7
from payments.models import PriceHistory, PriceRule
from payments.selectors.prices import PriceQuery, resolve_price
from payments.services.prices import add_price
from tests.cast import Member

SERVICE = "text_consultation"


def rule(amount_fen: int = 1000, scope: str = "global", **fields: Any) -> PriceRule:
    return PriceRule(service=SERVICE, scope=scope, amount_fen=amount_fen, **fields)


def price_at(moment: datetime) -> int:
    return resolve_price(PriceQuery(service=SERVICE), now=moment).amount_fen


def test_a_new_price_ends_the_one_before_it_and_both_hold_in_their_time(db: None) -> None:
    start = now()
    first = add_price(rule(1000, valid_from=start - timedelta(days=2)))
    add_price(rule(1500, valid_from=start + timedelta(days=1)))

    first.refresh_from_db()
    assert first.valid_until == start + timedelta(days=1)
    assert (price_at(start), price_at(start + timedelta(days=1))) == (1000, 1500)


@pytest.mark.parametrize(
    ("begins", "ends"), [(-5, None), (2, 3), (-5, 2), (9, 11), (0, 10), (0, None)]
)
def test_overlapping_prices_are_refused_by_the_database(
    db: None, begins: int, ends: int | None
) -> None:
    start = now()
    rule(valid_from=start, valid_until=start + timedelta(days=10)).save()
    until = start + timedelta(days=ends) if ends is not None else None

    with pytest.raises(IntegrityError, match="price_rules_do_not_overlap"), transaction.atomic():
        rule(2000, valid_from=start + timedelta(days=begins), valid_until=until).save()


def test_touching_switched_off_and_other_targets_do_not_overlap(db: None) -> None:
    start, end = now(), now() + timedelta(days=10)
    rule(valid_from=start, valid_until=end).save()

    rule(valid_from=end).save()
    rule(valid_from=start, is_active=False).save()
    rule(scope="level", level="chief", valid_from=start).save()
    rule(scope="doctor", doctor_public_id=uuid7(), valid_from=start).save()
    PriceRule(service="video", scope="global", amount_fen=1, valid_from=start).save()

    assert PriceRule.objects.count() == 6


@pytest.mark.parametrize(
    ("fields", "promise"),
    [
        ({"scope": "level"}, "price_scope_names_its_target"),
        ({"amount_fen": -1}, "price_amount_sane"),
    ],
)
def test_a_price_names_its_target_and_a_sane_amount(
    db: None, fields: dict[str, Any], promise: str
) -> None:
    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        rule(**fields).save()


def test_every_version_of_a_price_is_kept(db: None) -> None:
    first = add_price(rule(1000, valid_from=now() - timedelta(days=1)))
    add_price(rule(1500))

    kept = PriceHistory.objects.filter(pgh_obj_id=first.pk).order_by("pgh_id")

    assert [row.valid_until is None for row in kept] == [True, False]


def test_clients_hear_when_a_price_ends(db: None, anonymous: APIClient) -> None:
    end = now() + timedelta(days=3)
    rule(valid_until=end).save()

    assert anonymous.get("/api/v1/prices").json() == {
        "amount_fen": 1000,
        "source": "global",
        "valid_until": clinic_time(end).isoformat(),
    }


def test_the_console_ends_the_old_price_and_refuses_what_overlaps(
    db: None, an: Member, client: Client
) -> None:
    old = add_price(rule(1000, valid_from=now() - timedelta(days=1)))
    client.force_login(an.user)

    def send(amount_fen: int, begins: datetime) -> Any:
        local = clinic_time(begins)
        fields = {
            "service": SERVICE,
            "scope": "global",
            "amount": f"{amount_fen / 100:.2f}",
            "valid_from_0": f"{local:%Y-%m-%d}",
            "valid_from_1": f"{local:%H:%M:%S}",
            "valid_until_0": "",
            "valid_until_1": "",
            "is_active": "on",
        }
        return client.post(reverse("admin:payments_pricerule_add"), fields, follow=True)

    send(1500, now())
    answer = send(900, now() - timedelta(days=9))

    old.refresh_from_db()
    assert old.valid_until is not None
    assert "Another price holds" in answer.content.decode() or "价格" in answer.content.decode()
    assert set(PriceRule.objects.values_list("amount_fen", flat=True)) == {1000, 1500}


def test_the_list_of_prices_names_titles_in_words(db: None, an: Member, client: Client) -> None:
    add_price(rule(1000, scope="level", level="associate_chief"))
    client.force_login(an.user)
    client.cookies["django_language"] = "en"

    page = client.get(reverse("admin:payments_pricerule_changelist")).content.decode()

    assert "Associate chief physician" in page
    assert ">associate_chief<" not in page
