"""What a hostile client sends never gets past the parser."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.core.api.parsers import MAX_DEPTH, read_json
from clinic.core.errors import MalformedRequestError

HOSTILE = [
    b"",
    b"{",
    b"\xff\xfe",
    b'{"a": NaN}',
    b'{"a": Infinity}',
    b'{"a": 1, "a": 2}',
    b'{"a": "\\u0000"}',
    b'{"\\u0000": 1}',
    b'{"a": "\\ud800"}',
    b"9" * 5000,
    b"32589158477190044731",  # 65 bits: orjson cannot write it
    b"-9223372036854775809",
    b"[1e400]",
    b"[" * 100_000 + b"]" * 100_000,
    b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2),
    b"'single'",
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_documents_are_refused_by_name(body: bytes) -> None:
    with pytest.raises(MalformedRequestError):
        read_json(body)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**15), 10**15)
        | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("k"), inner),
        max_leaves=10,
    )
)
def test_harmless_documents_come_through_unchanged(document: object) -> None:
    import orjson

    assert read_json(orjson.dumps(document)) == document


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_by_name(body: bytes) -> None:
    with contextlib.suppress(MalformedRequestError):
        read_json(body)
