"""Lines of what can be seen, as names are: two that look alike are alike."""

import re

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

# Controls, line ends, noncharacters, and marks that print nothing: two agency words that look alike
# would have two sequences.
UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


def require_printable(line: str) -> str:
    """Raise a validation error where a text is not one line of what can be seen."""
    if UNPRINTABLE.search(line):
        raise PydanticCustomError("unprintable", "One line is expected, without hidden characters.")
    return line


def line_constraints(max_length: int) -> StringConstraints:
    """Build the constraints of a line of text; blanks around it are dropped."""
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=max_length)


PRINTABLE = AfterValidator(require_printable)
PRINTABLE_SCHEMA = Field(json_schema_extra={"pattern": f"^[^{UNPRINTABLE.pattern[1:-1]}]+$"})
