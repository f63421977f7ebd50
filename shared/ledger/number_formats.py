"""Number formats that show another thing than the number: per cent, leading zeros."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

PERCENT_FORMATS = frozenset({9, 10})  # by number, without a code of their own
MAX_FORMAT_LENGTH = 255  # as Excel has it
# Texts in quotes, escaped and padding characters, colours and conditions.
FORMAT_TEXTS = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]')


class NumberFormat(NamedTuple):
    """How a number is shown: as per cent, or with at least so many digits between texts."""

    is_percent: bool = False
    digits: int = 0
    before: str = ""
    after: str = ""

    def show(self, number: float) -> str | None:
        """The text a person sees, with every digit; None where the number itself is seen."""
        value = Decimal(f"{number:.15g}")
        if self.is_percent:
            return f"{(value * 100).normalize():f}%"
        if value != value.to_integral_value() or value < 0:
            return None
        return f"{self.before}{int(value):0{self.digits}d}{self.after}"


PERCENT = NumberFormat(is_percent=True)


@lru_cache(maxsize=1000)
def parse_number_format(code: str) -> NumberFormat | None:
    """The format that a code stands for, if it shows per cent or leading zeros."""
    section = first_section(code[:MAX_FORMAT_LENGTH])
    bare = FORMAT_TEXTS.sub("", section)
    if "%" in bare and "0" in bare:
        return PERCENT
    if len(bare.strip()) < 2 or bare.strip().strip("0"):
        return None
    texts = FORMAT_TEXTS.sub(lambda found: found[1] or found[2] or "", section)
    before, _, after = texts.partition(bare.strip())
    return NumberFormat(digits=len(bare.strip()), before=before.strip(), after=after.strip())


def first_section(code: str) -> str:
    """The section for positive numbers: up to the first semicolon outside of texts."""
    masked = FORMAT_TEXTS.sub(lambda found: "x" * len(found[0]), code)
    return code[: masked.index(";")] if ";" in masked else code
