"""For real patients: nothing is guessed, a missing secret stops the start with its name."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from clinic.settings.base import *
from clinic.settings.base import DATABASE_OPTIONS, env
from clinic.settings.stores import broker_url, cache_settings, channel_settings, storages, tuned


def required(name: str) -> str:
    """Return a value from the environment or from the file named by NAME_FILE."""
    if not (os.environ.get(name) or os.environ.get(f"{name}_FILE")):
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE before starting the clinic.")
    return str(env(name))


SECRET_KEY = required("SECRET_KEY")
JWT_KEY = required("JWT_KEY")
FIELD_KEY = required("FIELD_KEY")
BLIND_INDEX_KEY = required("BLIND_INDEX_KEY")
SIGNING_KEY = required("SIGNING_KEY")
METRICS_TOKEN = required("METRICS_TOKEN")
PUBLIC_BASE_URL = required("PUBLIC_BASE_URL")
ALLOWED_HOSTS = required("ALLOWED_HOSTS").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
required("DATABASE_URL")
DATABASES = {"default": tuned(env.db("DATABASE_URL"), DATABASE_OPTIONS)}
REDIS_URL = required("REDIS_URL")
CACHES = cache_settings(REDIS_URL)
CHANNEL_LAYERS = channel_settings(REDIS_URL, 1000)
CELERY_BROKER_URL = broker_url(REDIS_URL)
STORAGES = storages(Path(required("FILES_DIR")))
WECHATPAY_BASE_URL = os.environ.get("WECHATPAY_BASE_URL", "https://api.mch.weixin.qq.com")
SMS_BASE_URL = os.environ.get("SMS_BASE_URL", "https://dysmsapi.aliyuncs.com")
SMS_ACCESS_KEY_ID = required("SMS_ACCESS_KEY_ID")
SMS_ACCESS_KEY_SECRET = required("SMS_ACCESS_KEY_SECRET")
SMS_SIGN_NAME = required("SMS_SIGN_NAME")
SMS_CODE_TEMPLATES = {
    purpose: required(f"SMS_TEMPLATE_{purpose.upper()}")
    for purpose in ("register", "login", "password", "identity")
}
if CALLS_POOL_KEY := os.environ.get("CALLS_POOL_KEY", ""):
    CALLS_BASE_URL = os.environ.get("CALLS_BASE_URL", "https://dyplsapi.aliyuncs.com")
    CALLS_ACCESS_KEY_ID = required("CALLS_ACCESS_KEY_ID")
    CALLS_ACCESS_KEY_SECRET = required("CALLS_ACCESS_KEY_SECRET")
    CALLS_REPORT_SECRET = required("CALLS_REPORT_SECRET")
IDENTITY_BASE_URL = os.environ.get("IDENTITY_BASE_URL", "https://cloudauth.aliyuncs.com")
IDENTITY_ACCESS_KEY_ID = required("IDENTITY_ACCESS_KEY_ID")
IDENTITY_ACCESS_KEY_SECRET = required("IDENTITY_ACCESS_KEY_SECRET")
if WECHAT_MINI_APPID := os.environ.get("WECHAT_MINI_APPID", ""):
    WECHAT_MINI_SECRET = required("WECHAT_MINI_SECRET")
    WECHAT_MINI_BASE_URL = os.environ.get("WECHAT_MINI_BASE_URL", "https://api.weixin.qq.com")
    WECHAT_MINI_INVITE_PAGE = os.environ.get("WECHAT_MINI_INVITE_PAGE", "pages/invite/invite")
TRUSTED_PROXY_HOPS = env.int("TRUSTED_PROXY_HOPS", default=0)
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
