"""Settings as `startproject` and the Channels tutorial leave them; addresses from the bench."""

import os

SECRET_KEY = "the-comparison-keeps-no-secrets"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["channels", "bench.peers.stock"]
ASGI_APPLICATION = "bench.peers.stock.asgi.application"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ.get("STOCK_DATABASE_HOST", ""),
        "USER": "postgres",
        "NAME": "stock",
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [os.environ.get("STOCK_REDIS_URL", "")]},
    }
}
