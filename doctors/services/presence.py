"""Who is there: chosen by the doctor, kept up by heartbeats, ended by silence."""

from clinic.core.actor import Actor


def set_presence(*, doctor_id: int, state: str, by: Actor) -> None:
    """Store what the doctor says and announce the change."""
    raise NotImplementedError


def beat(user_id: int) -> None:
    """Note a sign of life of the doctor with this account; nothing for everybody else."""
    raise NotImplementedError


def expire_presence() -> int:
    """Take doctors who fell silent offline and return how many."""
    raise NotImplementedError
