"""Texts of what can be seen, lines as names are, and reasons: two that look alike are alike."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

# Controls, line ends, noncharacters, and marks that print nothing: two agency words that look alike
# would have two sequences.
UNPRINTABLE_MARKS = (
    r"\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
)
UNPRINTABLE = re.compile(rf"[\x00-\x1f{UNPRINTABLE_MARKS}]")
HIDDEN = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f{UNPRINTABLE_MARKS}]")  # in a text of lines
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and a sign that print nothing
SEEN_CATEGORIES = frozenset("LNPS")


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen."""
    return not any(
        unicodedata.category(each)[0] in SEEN_CATEGORIES and each not in FILLERS for each in text
    )


def require_printable(line: str) -> str:
    """Raise a validation error where a text is not one line of what can be seen."""
    if UNPRINTABLE.search(line):
        raise PydanticCustomError("unprintable", "One line is expected, without hidden characters.")
    return require_seen(line)


def require_unhidden(text: str) -> str:
    """Raise a validation error where a text of any lines has characters that nobody sees."""
    if HIDDEN.search(text):
        raise PydanticCustomError("hidden", "A text is expected, without hidden characters.")
    return text


def require_seen(text: str) -> str:
    """Raise a validation error where nothing of a text can be seen."""
    if is_blank(text):
        raise PydanticCustomError("blank", "A text is expected that can be seen.")
    return text


def line_constraints(max_length: int) -> StringConstraints:
    """Build the constraints of a text; blanks around it are dropped."""
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=max_length)


PRINTABLE = AfterValidator(require_printable)
PRINTABLE_SCHEMA = Field(json_schema_extra={"pattern": f"^[^{UNPRINTABLE.pattern[1:-1]}]+$"})
UNHIDDEN = AfterValidator(require_unhidden)
UNHIDDEN_SCHEMA = Field(json_schema_extra={"pattern": f"^[^{HIDDEN.pattern[1:-1]}]*$"})
SEEN = AfterValidator(require_seen)
Reason = Annotated[str, line_constraints(500), UNHIDDEN, SEEN, UNHIDDEN_SCHEMA]
