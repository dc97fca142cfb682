"""A caller cannot choose the address he is counted under."""

import pytest

from clinic.core.proxies import caller_address


@pytest.mark.parametrize(
    ("forwarded", "hops", "address"),
    [
        ("", 0, "10.0.0.1"),
        ("203.0.113.9", 0, "10.0.0.1"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9", 1, "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9, 10.0.0.7", 2, "203.0.113.9"),
        ("203.0.113.9", 2, "10.0.0.1"),
        (" , ", 1, "10.0.0.1"),
    ],
)
def test_only_what_our_own_proxies_saw_is_believed(forwarded: str, hops: int, address: str) -> None:
    assert caller_address("10.0.0.1", forwarded, hops) == address
