"""Words for the search, made of any text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from chat import words

ENTRY = re.compile(r"'[^']+':\d+")


@given(text=st.text(max_size=300))
def test_any_text_makes_words_with_places(text: str) -> None:
    assert all(ENTRY.fullmatch(part) for part in words.vector_of(text).split(" ") if part)


@given(text=st.text(max_size=50))
def test_a_text_has_a_query_when_it_has_words(text: str) -> None:
    assert bool(words.query_of(text)) == bool(words.vector_of(text))


def test_pairs_stand_at_neighbouring_places() -> None:
    assert words.vector_of("头痛三天，无 Fever") == (
        "'头痛':1 '痛三':2 '三天':3 '天':4 '无':6 'fever':8"
    )
    assert words.query_of("头痛三 F") == "('头痛' <-> '痛三') & 'f':*"
