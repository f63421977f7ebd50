"""An authenticator in software: it makes and uses passkeys as a browser and its device do."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40
KEY_TYPE, ALGORITHM, CURVE, X, Y = 1, 3, -1, -2, -3  # labels of COSE
TWO_COORDINATES, ES256, P256 = 2, -7, 1


@dataclass
class Passkey:
    """A private key, bound to a host."""

    id: bytes
    host: str
    handle: bytes
    key: ec.EllipticCurvePrivateKey
    count: int = 0


@dataclass
class Authenticator:
    """`is_verified` says whether it knows that its owner is there (a PIN, a finger)."""

    is_verified: bool = True
    passkeys: list[Passkey] = field(default_factory=list)

    def make(self, options: Any, origin: str) -> str:
        """The credential of a new passkey, as a page sends it."""
        made = Passkey(
            secrets.token_bytes(32),
            options["rp"]["id"],
            base64url_to_bytes(options["user"]["id"]),
            ec.generate_private_key(ec.SECP256R1()),
        )
        self.passkeys.append(made)
        numbers = made.key.public_key().public_numbers()
        public: dict[int, Any] = {KEY_TYPE: TWO_COORDINATES, ALGORITHM: ES256, CURVE: P256}
        public |= {X: numbers.x.to_bytes(32, "big"), Y: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(made.id).to_bytes(2, "big") + made.id + cbor2.dumps(public)
        content = self.authenticator_data(made, HAS_KEY) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": content})
        client_data = describe_client("webauthn.create", options, origin)
        response = {"clientDataJSON": client_data, "attestationObject": attestation}
        return write_credential(made, response)

    def use(self, options: Any, origin: str) -> str:
        """The credential of a passkey for the host of the options."""
        used = next(each for each in self.passkeys if each.host == options["rpId"])
        used.count += 1
        content = self.authenticator_data(used)
        client_data = describe_client("webauthn.get", options, origin)
        signed = content + hashlib.sha256(client_data).digest()
        response = {
            "clientDataJSON": client_data,
            "authenticatorData": content,
            "signature": used.key.sign(signed, ec.ECDSA(hashes.SHA256())),
            "userHandle": used.handle,
        }
        return write_credential(used, response)

    def authenticator_data(self, passkey: Passkey, more: int = 0) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.is_verified else 0)
        host = hashlib.sha256(passkey.host.encode()).digest()
        return host + bytes([flags]) + passkey.count.to_bytes(4, "big")


def describe_client(kind: str, options: Any, origin: str) -> bytes:
    """What the browser adds: which page asks what."""
    described = {"type": kind, "challenge": options["challenge"], "origin": origin}
    return json.dumps({**described, "crossOrigin": False}).encode()


def write_credential(passkey: Passkey, response: dict[str, bytes]) -> str:
    texts = {name: bytes_to_base64url(content) for name, content in response.items()}
    identity = bytes_to_base64url(passkey.id)
    return json.dumps(
        {
            "id": identity,
            "rawId": identity,
            "type": "public-key",
            "response": texts,
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        }
    )
