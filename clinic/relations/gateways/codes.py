"""Pictures of invites: WeChat's own code, or a plain QR of our address when WeChat is away."""

from datetime import timedelta
from io import BytesIO
from typing import Final

import segno
from django.conf import settings
from django.core.cache import cache

from clinic.adapters.errors import AdapterError, DefiniteError, TransientError
from clinic.adapters.wechat_mini import (
    TOKEN_REFUSED,
    MiniProgramClient,
    MiniProgramConfig,
    Picture,
)
from clinic.core.crypto import decrypt, encrypt
from clinic.settings import rules

KEPT_AS: Final = "relations.mini_program"
RESTING: Final = "relations.mini_program.rests"
SCALE: Final = 8  # pixels of a module


def wechat_picture(scene: str) -> Picture:
    """Return WeChat's picture of a scene. A spent token is fetched anew once.

    Raises AdapterError; after one the platform is left alone for WECHAT_CODE_REST.
    """
    if not settings.WECHAT_MINI_BASE_URL:
        raise TransientError("no mini program is set up")
    if cache.get(RESTING):
        raise TransientError("the platform failed a moment ago")
    try:
        return _draw(scene)
    except AdapterError:
        cache.set(RESTING, 1, int(rules.WECHAT_CODE_REST.total_seconds()))
        raise


def own_picture(scene: str) -> Picture:
    """Return a plain QR of the address that opens the invite."""
    drawn = BytesIO()
    address = f"{settings.PUBLIC_BASE_URL}/invites/{scene}"
    segno.make(address, error="m", micro=False).save(drawn, kind="png", scale=SCALE)
    return Picture(content=drawn.getvalue(), mime="image/png")


def _draw(scene: str) -> Picture:
    client = MiniProgramClient(
        MiniProgramConfig(
            appid=settings.WECHAT_MINI_APPID,
            secret=settings.WECHAT_MINI_SECRET,
            base_url=settings.WECHAT_MINI_BASE_URL,
        )
    )
    page = settings.WECHAT_MINI_INVITE_PAGE
    token = _token(client)
    try:
        return client.unlimited_code(token=token, scene=scene, page=page)
    except DefiniteError as error:
        if error.code not in TOKEN_REFUSED:
            raise
    fresh = _token(client, spent=token)
    return client.unlimited_code(token=fresh, scene=scene, page=page)


def _token(client: MiniProgramClient, *, spent: str = "") -> str:
    """Return the token that all processes share, sealed in the cache.

    Callers who find none at once may all ask: the platform answers each the same token.
    """
    sealed = cache.get(KEPT_AS)
    known = decrypt(sealed, context=KEPT_AS) if sealed else ""
    if known and known != spent:
        return known
    found = client.stable_token()
    life = timedelta(seconds=found.expires_in) - rules.WECHAT_TOKEN_SPARE
    if life > timedelta(0):
        cache.set(KEPT_AS, encrypt(found.text, context=KEPT_AS), int(life.total_seconds()))
    return found.text
