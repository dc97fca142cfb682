"""What can go wrong with accounts."""

from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import (
    ClinicError,
    ConflictError,
    ForbiddenError,
    RateLimitedError,
    UnavailableError,
)


class WrongCredentialsError(ClinicError):
    """Phone or password is wrong; which of the two is not told."""

    code = "wrong_credentials"
    status = 401
    message = _("The phone number or the password is wrong.")


class WrongCodeError(ClinicError):
    """The code is wrong, spent, too old or was tried too often; which of them is not told."""

    code = "wrong_code"
    status = 400
    message = _("This code is wrong or no longer valid. Ask for a new one.")


class WrongPasswordError(ClinicError):
    """The current password given for a change is wrong."""

    code = "wrong_password"
    status = 400
    message = _("The current password is wrong.")


class ProofMissingError(ClinicError):
    """A new password needs the current one or a code."""

    code = "proof_missing"
    status = 400
    message = _("Give the current password or a one-time code sent for this purpose.")


class PhoneTakenError(ConflictError):
    """The phone has an account; only told to who proved that the phone is his."""

    code = "phone_taken"
    message = _("This phone number has an account already. Log in instead.")


class AccountSuspendedError(ForbiddenError):
    """The account is switched off; only told to who proved that it is his."""

    code = "account_suspended"
    message = _("This account is suspended. Contact the clinic.")


class RefreshRefusedError(ClinicError):
    """The refresh token is unknown, spent, expired or revoked."""

    code = "refresh_refused"
    status = 401
    message = _("This device is no longer logged in. Log in again.")


class CodeNotSentError(UnavailableError):
    """The message service did not take the code."""

    code = "code_not_sent"
    message = _("The code could not be sent. Wait a minute and try again.")


class AccountHasDutiesError(ConflictError):
    """Doctors and staff cannot vanish by themselves: patients and work hang on them."""

    code = "account_has_duties"
    message = _("This account has duties in the clinic. An administrator must release them first.")


class OwnRoleError(ForbiddenError):
    """Nobody changes his own roles."""

    code = "own_role"
    message = _("You cannot change your own roles. Ask another administrator.")


class LastAdminError(ConflictError):
    """The clinic would be left without an administrator."""

    code = "last_admin"
    message = _("This is the last administrator. Appoint another one first.")


class FormTokenError(ForbiddenError):
    """A console cookie came without the token that only pages of the console have."""

    code = "form_token_missing"
    message = _("This page is too old. Load it again and repeat the step.")


class SecondFactorNeededError(ClinicError):
    """The first proof was right; ``extra`` has the ticket for the second step."""

    code = "second_factor_needed"
    status = 401
    message = _("Give the code of your authenticator app to finish logging in.")

    def __init__(self, *, ticket: str, expires_in: int) -> None:
        """Hand over the ticket and say how many seconds it is good."""
        super().__init__(extra={"ticket": ticket, "expires_in": expires_in})


class SecondFactorNotSetUpError(ForbiddenError):
    """Staff without a second factor; it is set up in the console."""

    code = "second_factor_not_set_up"
    message = _("Log in to the staff console once and set up your second factor there.")


class WrongSecondFactorError(ClinicError):
    """The code is wrong or spent; which of them is not told."""

    code = "wrong_second_factor"
    status = 400
    message = _("This code is wrong or was used already. Take the next one or a recovery code.")


class WrongSetUpCodeError(ClinicError):
    """The code is not of the app that is being set up."""

    code = "wrong_set_up_code"
    status = 400
    message = _("This code is wrong. Wait for the next one of the new app, and check its clock.")


class SecondFactorLockedError(RateLimitedError):
    """Too many wrong codes; the right one is not taken either until the time is over."""

    code = "second_factor_locked"
    message = _(
        "Too many wrong codes. Wait %(minutes)s minutes, or ask an administrator to reset your"
        " second factor."
    )

    def __init__(self, *, retry_after: int) -> None:
        """Say when the next try is allowed."""
        super().__init__(retry_after=retry_after)
        self.fields = {"minutes": max(1, -(-(retry_after - 1) // 60))}


class SecondStepOverError(ClinicError):
    """The ticket is invented, too old, or of a former password."""

    code = "second_step_over"
    status = 401
    message = _("This log-in took too long. Begin again with your password.")


class OwnSecondFactorError(ForbiddenError):
    """Nobody resets his own second factor."""

    code = "own_second_factor"
    message = _("You cannot reset your own second factor. Ask another administrator.")


explain("one_account_per_phone", PhoneTakenError)
