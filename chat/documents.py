"""Fields and frames of the chat as docs/asyncapi.yaml describes them."""

from chat.enums import ConversationKind, MemberRole, MessageKind, Writing
from clinic.realtime.fields import MOMENT, Anything, Choice, Flag, Id, Number, Schema, Text
from clinic.realtime.registry import declare_frame
from clinic.settings import rules

CONV = Id(about="The conversation.")
WRITABLE = tuple(kind for kind in MessageKind.values if kind != MessageKind.SYSTEM)
SEQ = Number(about="Number of a message in its conversation, from 1 without a gap.")
REV = Number(about="Revision: grows with each new, edited or recalled message.")
MESSAGE_ID = Id(about="The message.")
BODY = Text(
    max_chars=rules.SOCKET_FRAME_MAX_BYTES,
    min_chars=0,
    about=f"Text up to {rules.MESSAGE_MAX_CHARS} characters, or an https address.",
)
WORDS = {"type": ["object", "null"]}
MAYBE = {"type": ["string", "null"], "format": "date-time"}
MESSAGE: Schema = {
    "seq": SEQ,
    "rev": REV,
    "message_id": Id(),
    "sender": Anything(like={"type": ["string", "null"]}, about="Account; null for the system."),
    "role": Choice(words=("", *MemberRole.values)),
    "kind": Choice(words=tuple(MessageKind.values)),
    "body": Text(
        max_chars=rules.MESSAGE_MAX_CHARS,
        min_chars=0,
        about="Text or https address; empty when recalled.",
    ),
    "extra": Anything(
        like=WORDS,
        about="Of a message with an attachment: file (its id), name, mime, size and measures.",
    ),
    "cid": Text(max_chars=64, min_chars=0, about="The sender's own id."),
    "code": Text(max_chars=40, min_chars=0, about="What a system message says; branch on it."),
    "params": Anything(like=WORDS, about="What the sentence of a system message names."),
    "sent_at": MOMENT,
    "edited_at": Anything(like=MAYBE, about="When its text was last changed."),
    "recalled_at": Anything(like=MAYBE, about="When it was taken back: show that, not the body."),
}
declare_frame("msg", "A new message, in the order of its numbers.", {"conv": CONV, **MESSAGE})
declare_frame(
    "upd",
    "A message was edited or recalled: this is what it is now.",
    {"conv": CONV, **MESSAGE},
)
declare_frame(
    "sync",
    "Messages that came or changed while you were away, in the order of their revisions; also the "
    "answer to `sync`.",
    {
        "conv": CONV,
        "messages": Anything(
            like={
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {name: field.document() for name, field in MESSAGE.items()},
                },
            }
        ),
        "last_seq": SEQ,
        "last_rev": REV,
        "more": Flag(about="Ask again after the last revision you got."),
        "id": Anything(like={"type": ["string", "integer"]}, is_optional=True),
    },
)
declare_frame(
    "receipt",
    "How far a member has received and read.",
    {"conv": CONV, "user": Id(), "delivered": SEQ, "read": SEQ},
)
declare_frame(
    "typing",
    "A member is writing; forget it after 6 seconds.",
    {"conv": CONV, "user": Id(), "on": Flag()},
)
declare_frame(
    "conversation",
    "A conversation was opened, or its members or its state of writing changed.",
    {
        "conv": CONV,
        "kind": Choice(words=tuple(ConversationKind.values)),
        "topic": Text(max_chars=100),
        "writing": Choice(words=tuple(Writing.values)),
        "last_seq": SEQ,
        "last_rev": REV,
    },
)
