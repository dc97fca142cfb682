"""Uploaded files on their way into messages: each file into one message."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from chat.selectors.attachments import PURPOSE
from chat.services.drafts import Draft
from clinic.files.services.binding import Offered, bind_files, offered_files


class Attached(NamedTuple):
    """The key of a draft's file, and why it cannot be attached (empty when it can)."""

    file_id: int | None
    trouble: str | None


NOTHING = Attached(None, None)


def with_files(
    batch: Sequence[Draft], places: Iterable[int]
) -> tuple[list[Draft], dict[int, Attached]]:
    """Return the drafts with what is told of their files, and the files by place.

    Locks the files before the conversations are locked; free of cost where nothing is attached.
    """
    named = {batch[n].attachment for n in places} - {None}
    drafts = list(batch)
    if not named:
        return drafts, {}
    offered = offered_files(filter(None, named), purpose=PURPOSE)
    attached: dict[int, Attached] = {}
    taken: set[int] = set()
    for n in places:
        public_id = batch[n].attachment
        if public_id is None:
            continue
        file = offered.get(public_id)
        if file is None or not _fits(file, batch[n]):
            attached[n] = Attached(None, "attachment_missing")
            continue
        drafts[n] = replace(batch[n], extra=file.shown)
        is_used = file.is_bound or file.id in taken
        attached[n] = Attached(file.id, "attachment_used" if is_used else None)
        taken.add(file.id)
    return drafts, attached


def _fits(file: Offered, draft: Draft) -> bool:
    return file.owner_id == draft.user_id and file.kind == draft.kind


def keep_files(attached: dict[int, Attached], stored: Iterable[int], now: datetime) -> None:
    """Bind the files of the drafts that were stored."""
    keys = [attached[n].file_id for n in stored if n in attached]
    if keys:
        bind_files(filter(None, keys), now=now)
