"""For commands that need no room (`up`, `gateway_sim`): the clinic's words and clock alone."""

from clinic.settings.speech import (
    LANGUAGE_CODE,
    LANGUAGES,
    LOCALE_PATHS,
    TIME_ZONE,
    USE_I18N,
    USE_TZ,
)

__all__ = ["LANGUAGES", "LANGUAGE_CODE", "LOCALE_PATHS", "TIME_ZONE", "USE_I18N", "USE_TZ"]
INSTALLED_APPS = ["clinic.embedded"]
