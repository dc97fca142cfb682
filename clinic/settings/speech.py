"""Languages and the clock of the house: all that a command without rooms needs."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "clinic" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
