"""WeChat mini programs: the access token and codes without number. No secret is ever logged."""

import json
from dataclasses import dataclass, field
from typing import Any

import httpx2

from clinic.adapters.errors import AdapterError, DefiniteError, TransientError
from clinic.adapters.http import HttpAnswer, no_answer, send, shared_client

SCENE_MAX_CHARS = 32
# [known] the token is no (longer) valid: fetch another one and ask again
TOKEN_REFUSED = frozenset({"40001", "40014", "42001"})
_LATER = frozenset({"-1", "45009", "45011"})
_PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


@dataclass(frozen=True, kw_only=True)
class MiniProgramConfig:
    """One mini program."""

    appid: str
    secret: str = field(repr=False)
    base_url: str = "https://api.weixin.qq.com"


@dataclass(frozen=True, kw_only=True)
class AccessToken:
    """A token and how many seconds it still lives."""

    text: str = field(repr=False)
    expires_in: int


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A drawn code."""

    content: bytes = field(repr=False)
    mime: str


class MiniProgramClient:
    """Calls of one mini program. Safe to share between threads."""

    def __init__(self, config: MiniProgramConfig, *, http: httpx2.Client | None = None) -> None:
        """Use the process's pool unless another client is given."""
        self.config = config
        self._http = http

    def stable_token(self, *, force_refresh: bool = False) -> AccessToken:
        """Return the token that is valid now; forcing kills the old one (20 a day).

        Raises DefiniteError, TransientError.
        """
        body = {
            "grant_type": "client_credential",
            "appid": self.config.appid,
            "secret": self.config.secret,
            "force_refresh": force_refresh,
        }
        told = _object(self._post("/cgi-bin/stable_token", body))
        token, life = told.get("access_token"), told.get("expires_in")
        if not isinstance(token, str) or not token or type(life) is not int or life <= 0:
            raise no_answer("no token in the answer", changes=False)
        return AccessToken(text=token, expires_in=life)

    def unlimited_code(
        self, *, token: str, scene: str, page: str = "", check_path: bool = True, width: int = 430
    ) -> Picture:
        """Return the picture of a code with a scene; ``page`` without leading slash and query.

        Raises DefiniteError (its ``code`` in TOKEN_REFUSED: the token is spent), TransientError.
        """
        body: dict[str, Any] = {"scene": scene, "check_path": check_path, "width": width}
        if page:
            body["page"] = page
        answer = self._post("/wxa/getwxacodeunlimit", body, token=token)
        for head, mime in _PICTURES.items():
            if answer.body.startswith(head):
                return Picture(content=answer.body, mime=mime)
        _object(answer)
        raise no_answer("neither a picture nor an error", changes=False)

    def _post(self, path: str, body: dict[str, Any], *, token: str = "") -> HttpAnswer:
        url = httpx2.URL(f"{self.config.base_url.rstrip('/')}{path}")
        if token:
            url = url.copy_merge_params({"access_token": token})
        http = self._http or shared_client()
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        request = http.build_request("POST", url, content=content, headers=headers)
        return send(http, request, changes=False)


def _object(answer: HttpAnswer) -> dict[str, Any]:
    """Return the JSON object of an answer; failures come with HTTP 200 too."""
    if answer.status != 200:
        raise no_answer(f"HTTP {answer.status}", changes=False)
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise no_answer("not JSON", changes=False) from error
    if not isinstance(told, dict):
        raise no_answer("not an object", changes=False)
    if told.get("errcode"):
        raise _refusal(str(told["errcode"]))
    return told


def _refusal(code: str) -> AdapterError:
    if code in _LATER:
        return TransientError(f"refused for now: {code}", code=code)
    return DefiniteError(f"refused: {code}", code=code, status=200)
