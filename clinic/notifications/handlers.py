"""What people are told about the safety of their account, and who its persons are."""

from clinic.accounts.events import RecoveryCodeUsed, SecondFactorReset, SecondFactorSet
from clinic.core.events import handles
from clinic.notifications.enums import NoticeKind
from clinic.notifications.services import notify
from clinic.patients.events import IdentityDocumentReviewed


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


@handles(IdentityDocumentReviewed)
def tell_of_document(fact: IdentityDocumentReviewed) -> None:
    """Whose person it is learns what came of the review."""
    kind = NoticeKind.DOCUMENT_APPROVED if fact.is_approved else NoticeKind.DOCUMENT_REJECTED
    notify(
        user_id=fact.user_id,
        kind=kind,
        params={},
        subject_kind="visit_person",
        subject_public_id=fact.person_public_id,
    )
