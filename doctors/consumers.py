"""Doctors on the socket: every heartbeat of a device is a sign of life."""

from clinic.core.roles import Role
from clinic.realtime.registry import on_heartbeat
from doctors.services.presence import beat


@on_heartbeat(Role.DOCTOR)
def note_heartbeat(user_id: int) -> None:
    """Keep the doctor's presence fresh."""
    beat(user_id)
