"""What can go wrong with visit persons."""

from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ClinicError, ConflictError


class IdNumberTakenError(ConflictError):
    """The account has a visit person with this ID number."""

    code = "id_number_taken"
    message = _("One of your visit persons has this ID number already.")


class SelfExistsError(ConflictError):
    """The account has a visit person who is its owner."""

    code = "self_exists"
    message = _("You have entered yourself already. Change that visit person instead.")


class TooManyPersonsError(ConflictError):
    """The account has as many visit persons as it may."""

    code = "too_many_visit_persons"
    message = _("You cannot have more than %(most)s visit persons. Remove one first.")


class DefaultNeededError(ConflictError):
    """Exactly one visit person is the default; another must take over."""

    code = "default_needed"
    message = _("One visit person must be the default. Make another one the default instead.")


class PersonInUseError(ConflictError):
    """A consultation or an appointment rests on who the person is."""

    code = "visit_person_in_use"
    message = _(
        "This visit person has an open consultation or appointment. Until it ends he stays, with "
        "name, birthday, gender and ID number. If they are wrong, write to customer service."
    )


class RealNameIncompleteError(ConflictError):
    """There is nothing to ask the register about yet."""

    code = "real_name_incomplete"
    message = _(
        "Enter the ID number and the name as the ID card has it, in Chinese characters, first."
    )


class RealNameRunningError(ConflictError):
    """The register is being asked about this person right now."""

    code = "real_name_running"
    message = _("This person is being checked right now. Look again in a moment.")


class RealNameTriesUsedError(ClinicError):
    """The register was asked as often as it may be in a day; ``retry_after`` ends with the day."""

    code = "real_name_tries_used"
    status = 429
    message = _(
        "The check was tried too often today. Correct name and ID number and try again tomorrow."
    )


class RealNameAwayError(ClinicError):
    """The register did not answer; nothing was decided and no try was used."""

    code = "real_name_away"
    status = 503
    message = _("The register does not answer at the moment. Try again in a few minutes.")


class RealNameNeededError(ConflictError):
    """Nothing can be ordered for a person before name and ID number are verified.

    ``extra`` names the state and the ``door`` to use, and ``documents`` for who has no ID number.
    """

    code = "real_name_needed"
    message = _(
        "Have name and ID number, or a document, of the visit person checked first, then order."
    )


class DocumentNotNeededError(ConflictError):
    """The person is verified, or has an ID number, about which the register is asked."""

    code = "document_not_needed"
    message = _("This person is verified already, or has an ID number that the register checks.")


class DocumentPendingError(ConflictError):
    """One document of the person waits for its review."""

    code = "document_pending"
    message = _("A document of this person is under review already.")


class DocumentEndedError(ConflictError):
    """The document ended before it was reviewed."""

    code = "document_ended"
    message = _("This document has ended.")


class OwnDocumentError(ConflictError):
    """Nobody reviews a document of his own account."""

    code = "own_document"
    message = _("A colleague reviews documents of your own account.")


class ConsentNeededError(ConflictError):
    """Nothing can be ordered for a person without these consents.

    ``extra`` lists what is ``missing`` by kind, with the id and version of the text in force, and
    names the ``door`` to use.
    """

    code = "consent_needed"
    message = _("Read the missing texts and agree to them first, then order.")


class ConsentTextOutdatedError(ConflictError):
    """The text is not in force: a newer version is."""

    code = "consent_text_outdated"
    message = _("This text is not in force. Load the current texts and read them again.")


class GuardianConsentError(ConflictError):
    """For a child a guardian consents."""

    code = "guardian_consent_needed"
    message = _("A guardian consents for a child. Tell the guardian's name and relation.")


class ConsentTextPublishedError(ConflictError):
    """Somebody published this version at the same moment."""

    code = "consent_text_published"
    message = _("Another version of this text was just published. Load it and try again.")


explain("one_running_real_name_check", RealNameRunningError)
explain("one_document_under_review", DocumentPendingError)
explain("document_leaves_a_state_once", ConflictError)
explain("consent_text_version_once", ConsentTextPublishedError)
explain("one_visit_person_per_id_number", IdNumberTakenError)
explain("one_visit_person_is_self", SelfExistsError)
explain("one_default_visit_person", DefaultNeededError)
