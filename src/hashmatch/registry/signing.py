"""Signatures: Ed25519, so that who checks one needs no secret, and cannot make one.

The key is a file beside the registry, or wherever its keeper puts it: who has only the database
cannot sign a history of his own.
"""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hashmatch.errors import AuditError, MissingExtraError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_FILE: Final = "audit-key.pem"


class SigningKey:
    """A private key.

    Args:
        path: its file, closed to other users; made where there is none.

    Raises:
        MissingExtraError: the extra ``audit`` is not installed.
        AuditError: the file is not one of a key, or cannot be read or made.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._key: Final = _load(Path(path))

    @property
    def public(self) -> str:
        """The public key, 64 hexadecimal digits."""
        return self._key.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """A signature, 128 hexadecimal digits."""
        return self._key.sign(message).hex()


def sign(key: SigningKey, value: dict[str, Any]) -> dict[str, Any]:
    """A JSON object with the public key and the signature of the rest beside it."""
    signed = {**value, "public_key": key.public}
    return {**signed, "signature": key.sign(_message(signed))}


def verified(signed: Any, public: str | None = None) -> dict[str, Any]:
    """What `sign` signed.

    Args:
        signed: a JSON value.
        public: the public key that it must be signed with; else the one that it names.

    Raises:
        AuditError: it is no signed object, or not as it was signed.
        MissingExtraError: the extra ``audit`` is not installed.
    """
    _need_cryptography()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        value = {name: each for name, each in signed.items() if name != "signature"}
        if public is not None and value["public_key"] != public:
            raise AuditError("It was signed with another key than the one that is expected.")
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(value["public_key"]))
        key.verify(bytes.fromhex(signed["signature"]), _message(value))
    except InvalidSignature:
        raise AuditError("The signature does not fit: this was altered since.") from None
    except (AttributeError, KeyError, TypeError, ValueError):
        raise AuditError("This is not a signed object of hashmatch.") from None
    return value


def _message(value: dict[str, Any]) -> bytes:
    return b"hashmatch audit\n" + json.dumps(value, sort_keys=True).encode()


def _load(path: Path) -> "Ed25519PrivateKey":
    _need_cryptography()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    try:
        _make(path)
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise AuditError(
            f"The key {str(path)!r} cannot be read or made: {error.strerror}."
        ) from None
    except (ValueError, TypeError):
        raise AuditError(f"The file {path.name!r} is not a private key in PEM.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise AuditError(f"The key {path.name!r} is not one of Ed25519.")
    return key


def _make(path: Path) -> None:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if path.exists():
        return
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f:
            f.write(pem)
            f.flush()
            os.fsync(f.fileno())
        try:
            os.link(unfinished, path)  # of two that make one at once, the first one's counts
        except FileExistsError:
            return
    finally:
        unfinished.unlink(missing_ok=True)


def _need_cryptography() -> None:
    try:
        import cryptography  # noqa: F401 - only whether it is there
    except ModuleNotFoundError:
        raise MissingExtraError(
            "Signatures take a library: pip install 'hashmatch[audit]'"
        ) from None
