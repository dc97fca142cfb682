"""What people are told about the safety of their account."""

from clinic.accounts.events import RecoveryCodeUsed, SecondFactorReset, SecondFactorSet
from clinic.core.events import handles
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import notify


@handles(SecondFactorSet)
def tell_of_new_factor(fact: SecondFactorSet) -> None:
    """Who did not do it himself learns of it."""
    notify(user_id=fact.user_id, kind=NoticeKind.SECOND_FACTOR_SET, params={})


@handles(SecondFactorReset)
def tell_of_lost_factor(fact: SecondFactorReset) -> None:
    """Who did not ask for it learns of it."""
    notify(user_id=fact.user_id, kind=NoticeKind.SECOND_FACTOR_RESET, params={})


@handles(RecoveryCodeUsed)
def tell_of_recovery_code(fact: RecoveryCodeUsed) -> None:
    """Who did not come in himself learns of it, and how many are left."""
    notify(user_id=fact.user_id, kind=NoticeKind.RECOVERY_CODE_USED, params={"count": fact.left})
