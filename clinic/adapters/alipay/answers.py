"""From the bytes of an answer to a believed node. The signature covers the node's raw text."""

import json
from typing import Any

from clinic.adapters.alipay import facts
from clinic.adapters.alipay.config import AlipayConfig
from clinic.adapters.alipay.signing import is_signed_by_alipay
from clinic.adapters.errors import AdapterError, DefiniteError, NotExistError, TransientError
from clinic.adapters.http import HttpAnswer, no_answer
from clinic.adapters.wechatpay.strict_json import Document, StrictJsonError, parse_object

_OK = 200


def believed_node(
    config: AlipayConfig, method: str, answer: HttpAnswer, *, changes: bool
) -> Document:
    """Return the node of a call that succeeded; its signature was checked.

    Raises DefiniteError, NotExistError, TransientError or UnknownOutcomeError.
    """
    if answer.status != _OK:
        raise no_answer(f"HTTP {answer.status}", changes=changes)
    node = _signed_node(config, method, answer.body, changes=changes)
    code = node.get("code")
    if code == facts.DONE:
        return node
    raise _refusal(str(code), node, changes=changes)


def _signed_node(config: AlipayConfig, method: str, body: bytes, *, changes: bool) -> Document:
    key = method.replace(".", "_") + "_response"
    try:
        document = parse_object(body)
    except StrictJsonError as error:
        raise no_answer(f"not JSON: {error}", changes=changes) from error
    signature, serial = document.get("sign"), document.get("alipay_cert_sn", "")
    node = document.get(key)
    if not isinstance(node, dict):  # `error_response` may be unsigned: nothing follows from it
        raise no_answer(f"no answer node {_words(document)}", changes=changes)
    if not isinstance(signature, str) or not isinstance(serial, str):
        raise no_answer("unsigned", changes=changes)
    if config.is_certificate_mode and not serial:
        raise no_answer("no certificate serial", changes=changes)
    if not is_signed_by_alipay(config, raw_node(body, key), signature, serial):
        raise no_answer("signature refused", changes=changes)
    return node


def raw_node(body: bytes, key: str) -> bytes:
    """Return the exact bytes of a top-level member's value; the body is valid JSON.

    A reader that counts braces fails on a subject with a brace in it: this one decodes.
    """
    text = body.decode()
    decoder = json.JSONDecoder()
    position = text.index("{") + 1
    while True:
        name, position = decoder.raw_decode(text, _skip(text, position, ","))
        start = _skip(text, position, ":")
        _, end = decoder.raw_decode(text, start)
        if name == key:
            return text[start:end].encode()
        position = end


def _skip(text: str, position: int, mark: str) -> int:
    while text[position] in " \t\r\n" or text[position] == mark:
        position += 1
    return position


def _refusal(code: str, node: Document, *, changes: bool) -> AdapterError:
    word = node.get("sub_code") or ""
    word = word[:64] if isinstance(word, str) and word.isascii() else ""
    message = f"{code[:8]} {word}"
    if code == facts.UNAVAILABLE or word in facts.OUTCOME_UNKNOWN:
        return no_answer(message, changes=changes, code=word)
    if word in facts.TRY_LATER:
        return TransientError(message, code=word)
    if word in facts.NOT_EXIST or word in facts.NO_BILL:
        return NotExistError(message, code=word, status=_OK)
    return DefiniteError(message, code=word, status=_OK)


def _words(document: Document) -> str:
    found: Any = document.get("error_response")
    word = found.get("sub_code", "") if isinstance(found, dict) else ""
    return word[:64] if isinstance(word, str) and word.isascii() else ""
