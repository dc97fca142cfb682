"""How personal data is shown to people who need not see it whole."""


def mask_phone(phone: str | None) -> str:
    """Return ``138****5678`` for ``+8613812345678``; empty when there is none."""
    if not phone:
        return ""
    digits = phone.removeprefix("+86")
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"


def mask_name(name: str) -> str:
    """Return ``林*月`` for 林小月 and ``林*`` for 林月; empty stays empty."""
    if len(name) <= 1:
        return name
    if len(name) == 2:
        return f"{name[0]}*"
    return f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"
