"""The issuer of tokens that lives in a data folder."""

import json
from pathlib import Path

from shared.http.tokens import Issuer


def open_issuer(data: Path) -> Issuer:
    """The issuer of a data folder; its public keys are written there, for services run apart."""
    data.mkdir(parents=True, exist_ok=True)
    issuer = Issuer(data / "issuer.json")
    (data / "jwks.json").write_text(json.dumps(issuer.public))
    return issuer
