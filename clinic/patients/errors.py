"""What can go wrong with visit persons."""

from django.utils.translation import gettext_lazy as _

from clinic.core.constraints import explain
from clinic.core.errors import ConflictError


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


explain("one_visit_person_per_id_number", IdNumberTakenError)
explain("one_visit_person_is_self", SelfExistsError)
explain("one_default_visit_person", DefaultNeededError)
