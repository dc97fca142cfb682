"""The port to the register of names and ID numbers."""

import logging
from dataclasses import dataclass

from django.conf import settings

from clinic.adapters.aliyun_identity import (
    NOT_WELL_FORMED,
    Agreement,
    AliyunIdentityClient,
    IdentityConfig,
)
from clinic.adapters.errors import AdapterError, DefiniteError
from clinic.patients.enums import CheckResult

log = logging.getLogger(__name__)
_RESULTS = {
    Agreement.SAME: CheckResult.SAME,
    Agreement.DIFFERENT: CheckResult.DIFFERENT,
    Agreement.NO_RECORD: CheckResult.NO_RECORD,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the register said, and the provider's number of the call."""

    result: CheckResult
    reference: str = ""


def ask_register(*, name: str, id_number: str) -> Answer:
    """Ask whether the name is the number's. AWAY when there is no answer to rely on.

    Goes over the network: never inside a transaction that holds locks.
    """
    client = AliyunIdentityClient(
        IdentityConfig(
            access_key_id=settings.IDENTITY_ACCESS_KEY_ID,
            access_key_secret=settings.IDENTITY_ACCESS_KEY_SECRET,
            base_url=settings.IDENTITY_BASE_URL,
        )
    )
    try:
        verdict = client.compare(name=name, id_number=id_number)
    except DefiniteError as error:
        if error.code == NOT_WELL_FORMED:
            return Answer(CheckResult.DIFFERENT)
        log.error("the register refuses us", extra={"code": error.code})
        return Answer(CheckResult.AWAY)
    except AdapterError as error:
        log.warning("the register is away", extra={"reason": error.message})
        return Answer(CheckResult.AWAY)
    return Answer(_RESULTS[verdict.agreement], verdict.reference)
