"""Checks of national codes: each returns the code of a finding, or None.

They only warn and never reject: the check of project codes was inferred from real ones, and
old codes, development zones and abolished counties are true although no list has them.
"""

import re

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

PROJECT_CODE_PATTERN = re.compile(
    r"([0-9]{4})-([0-9]{6})-([0-9]{2})-([0-9]{2})-([0-9]{6})(-[0-9]{4})?"
)
CREDIT_CODE_PATTERN = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
REGION_CODE_PATTERN = re.compile(r"[0-9]{6}([0-9]{3}){0,2}")
FIRST_CHECKED_MONTH = "2011"  # YYMM: project codes have a check digit from November 2020 on
OLD_YEARS = range(2000, 2021)


def check_national_code(code: str) -> str | None:
    """`YYMM-RRRRRR-DD-TT-NNNNNC` of GB/T 40058-2021, or before it `YYYY-RRRRRR-II-TT-NNNNNN`.

    A sub-project has four more digits. The last of the twenty digits of the newer form checks them
    (ISO/IEC 7064 MOD 11,10); the older form has no check.
    """
    match = PROJECT_CODE_PATTERN.fullmatch(code)
    if match is None:
        return "bad_national_code"
    opening = match[1]
    if opening >= FIRST_CHECKED_MONTH and 1 <= int(opening[2:]) <= 12:
        digits = "".join(match.groups("")[:5])
        return None if mod_11_10.is_valid(digits) else "national_code_check"
    return None if int(opening) in OLD_YEARS else "bad_national_code"


def check_credit_code(code: str) -> str | None:
    """A unified social credit code (GB 32100-2015).

    Its first two characters may be letters (`N2` for rural collectives), which the library's own
    validation refuses; only its check digit is used.
    """
    if not CREDIT_CODE_PATTERN.fullmatch(code):
        return "bad_credit_code"
    return None if uscc.calc_check_digit(code[:-1]) == code[-1] else "credit_code_check"


def check_region_code(code: str, regions: frozenset[str]) -> str | None:
    """A region of six digits, or a township (nine) or village (twelve) in one of them."""
    if not REGION_CODE_PATTERN.fullmatch(code):
        return "bad_region"
    return None if code[:6] in regions else "unknown_region"
