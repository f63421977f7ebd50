"""Documents as JSON texts."""

from typing import Any

from pydantic_core import to_json


def serialize_json(document: Any) -> bytes:
    """A document as text: a space a level, and no sign escaped that need not be.

    Whoever prints it ends its last line; here that would copy a province's.
    """
    return to_json(document, indent=1)
