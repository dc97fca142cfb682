"""The keyed hash over a flat document's sorted members."""

import hashlib
import hmac
from collections.abc import Mapping

from clinic.adapters.wechatpay_v2.config import MerchantV2Config, SignType


def signature_of(config: MerchantV2Config, members: Mapping[str, str]) -> str:
    """Return the signature of the members that are not empty, `sign` left out."""
    names = sorted(name for name in members if members[name] and name != "sign")
    plain = "&".join([*(f"{name}={members[name]}" for name in names), f"key={config.api_key}"])
    if config.sign_type is SignType.HMAC_SHA256:
        digest = hmac.new(config.api_key.encode(), plain.encode(), hashlib.sha256).hexdigest()
    else:
        digest = hashlib.md5(plain.encode(), usedforsecurity=False).hexdigest()
    return digest.upper()


def is_signed(config: MerchantV2Config, members: Mapping[str, str]) -> bool:
    """Return whether the gateway signed the members in the way this merchant chose."""
    expected = signature_of(config, members)
    return hmac.compare_digest(members.get("sign", "").encode(), expected.encode())
