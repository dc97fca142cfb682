"""The default: everything on this machine, servers and secrets made at first start."""

import os

from clinic.embedded import paths
from clinic.embedded.lock import last_port
from clinic.embedded.secrets import load_secrets
from clinic.embedded.simulator.keys import ensure_gateway_keys
from clinic.settings.base import *
from clinic.settings.base import DATABASE_OPTIONS, LOGGING, SPECTACULAR_SETTINGS, env
from clinic.settings.stores import broker_url, cache_settings, channel_settings, storages, tuned

IS_SANDBOX = True  # demo accounts and the gateway simulator are welcome
DATA_DIR = paths.data_dir()
SECRETS = load_secrets(DATA_DIR)
SECRET_KEY = SECRETS["SECRET_KEY"]
JWT_KEY = SECRETS["JWT_KEY"]
FIELD_KEY = SECRETS["FIELD_KEY"]
BLIND_INDEX_KEY = SECRETS["BLIND_INDEX_KEY"]
SIGNING_KEY = SECRETS["SIGNING_KEY"]
METRICS_TOKEN = ""  # open on this machine

# A second terminal finds the running clinic by its data folder alone.
PORT = paths.environment_port("PORT", last_port(DATA_DIR) or 8000)
SIM_PORT = paths.environment_port("SIM_PORT", PORT + 1)
STATIC_ROOT = None  # served from the packages by the finders; nothing is collected
DOCTOR_FACE_CHECK = "doctors.gateways.faces.SimulatedFaceComparer"
PUBLIC_BASE_URL = f"http://127.0.0.1:{PORT}"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
if os.environ.get("LISTEN_HOST", "127.0.0.1") != "127.0.0.1":
    ALLOWED_HOSTS.append(
        "*"
    )  # a person chose `up --host`: other machines know this one by any name
CSRF_TRUSTED_ORIGINS = [f"http://127.0.0.1:{PORT}", f"http://localhost:{PORT}"]

_database = (
    env.db("DATABASE_URL") if os.environ.get("DATABASE_URL") else paths.database_settings(DATA_DIR)
)
DATABASES = {"default": tuned(_database, DATABASE_OPTIONS)}
REDIS_URL = os.environ.get("REDIS_URL") or paths.redis_url(DATA_DIR)
CACHES = cache_settings(REDIS_URL)
CHANNEL_LAYERS = channel_settings(REDIS_URL, 1000)
CELERY_BROKER_URL = broker_url(REDIS_URL)

STORAGES = storages(DATA_DIR / "files")

GATEWAY_KEYS = ensure_gateway_keys(DATA_DIR)
WECHATPAY_BASE_URL = f"http://127.0.0.1:{SIM_PORT}"
SMS_BASE_URL = f"http://127.0.0.1:{SIM_PORT}"
SMS_ACCESS_KEY_ID = GATEWAY_KEYS.sms_access_key_id
SMS_ACCESS_KEY_SECRET = GATEWAY_KEYS.sms_access_key_secret
CALLS_BASE_URL = f"http://127.0.0.1:{SIM_PORT}"
CALLS_ACCESS_KEY_ID = GATEWAY_KEYS.sms_access_key_id
CALLS_ACCESS_KEY_SECRET = CALLS_REPORT_SECRET = GATEWAY_KEYS.sms_access_key_secret
CALLS_POOL_KEY = "FC100000000000001"
WECHAT_MINI_BASE_URL = f"http://127.0.0.1:{SIM_PORT}"
WECHAT_MINI_APPID = GATEWAY_KEYS.appid
WECHAT_MINI_SECRET = GATEWAY_KEYS.mini_program_secret
IDENTITY_BASE_URL = f"http://127.0.0.1:{SIM_PORT}"
IDENTITY_ACCESS_KEY_ID = GATEWAY_KEYS.identity_access_key_id
IDENTITY_ACCESS_KEY_SECRET = GATEWAY_KEYS.identity_access_key_secret
# The demo's staff log in without a phone at hand; who wants to see it sets the variable.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", False)
# Everybody on this machine has one address: the demo registers a whole waiting room from it.
CODES_PER_ADDRESS_AN_HOUR = 100_000
LOGIN_TRIES_PER_ADDRESS = 100_000
LOGGING["handlers"]["console"]["formatter"] = "plain"
SPECTACULAR_SETTINGS["DESCRIPTION"] += " This is a local sandbox: payments go to the simulator."
