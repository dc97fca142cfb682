"""The platform keys of WeChat Pay: which exist, which signs now, and their change."""

from datetime import UTC, datetime

from clinic.embedded.simulator.keys import new_platform_certificate, new_platform_public_key
from clinic.embedded.simulator.model import PlatformKey, SignedBy
from clinic.embedded.simulator.state import SimulatorState

FIRST = datetime(2000, 1, 1, tzinfo=UTC)  # keys made with the data folder


def all_of(state: SimulatorState, kind: SignedBy) -> list[PlatformKey]:
    """Return the keys of a kind, oldest first; old ones stay in overlap."""
    later = state.store.find(PlatformKey, "kind = ? ORDER BY made_at, rowid", [kind])
    return [_first(state, kind), *later]


def current(state: SimulatorState, kind: SignedBy) -> PlatformKey:
    """Return the key that signs now."""
    return all_of(state, kind)[-1]


def rotate(state: SimulatorState, kind: SignedBy) -> PlatformKey:
    """Make a new key of the kind; from now on it signs."""
    is_certificate = kind is SignedBy.CERTIFICATE
    name, public, private = (
        new_platform_certificate() if is_certificate else new_platform_public_key()
    )
    key = PlatformKey(
        id=name, kind=kind, public_pem=public, private_pem=private, made_at=state.now()
    )
    with state.change():
        state.store.save(key)
    return key


def _first(state: SimulatorState, kind: SignedBy) -> PlatformKey:
    keys = state.keys
    if kind is SignedBy.CERTIFICATE:
        found = (keys.certificate_serial, keys.certificate_pem, keys.certificate_private_key_pem)
    else:
        found = (keys.platform_key_id, keys.platform_public_key_pem, keys.platform_private_key_pem)
    name, public, private = found
    return PlatformKey(id=name, kind=kind, public_pem=public, private_pem=private, made_at=FIRST)
