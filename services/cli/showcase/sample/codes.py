"""Codes of the sample county: an invented region, with valid check digits."""

from datetime import date

from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_10

from services.cli.showcase.sample.names import SAMPLE_REGION

CHECK_DIGITS_FROM = date(2020, 11, 1)
COMPANY_PREFIX = "91"  # first two characters of a company's credit code


def credit_code(serial: int) -> str:
    """A unified social credit code (GB 32100-2015); the serial is at most eight digits."""
    body = f"{COMPANY_PREFIX}{SAMPLE_REGION}{serial:08}"
    body += organisation_check_digit(body[8:])
    return body + str(uscc.calc_check_digit(body))


def organisation_check_digit(body: str) -> str:
    """The last character of the organisation code inside a credit code (GB 11714)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(weight * int(digit) for weight, digit in zip(weights, body, strict=True)) % 11
    return "0X987654321"[rest]


def national_code(initiated_on: date, serial: int, *, government: bool, industry: str) -> str:
    """A national project code: the form of the day, that has a check digit from 2020-11 on."""
    if initiated_on < CHECK_DIGITS_FROM:
        return f"{initiated_on:%Y}-{SAMPLE_REGION}-{industry[1:3]}-01-{serial:06}"
    department, kind = ("04", "01") if government else ("89", "05")
    body = f"{initiated_on:%y%m}{SAMPLE_REGION}{department}{kind}{serial:05}"
    check = mod_11_10.calc_check_digit(body)
    return f"{body[:4]}-{SAMPLE_REGION}-{department}-{kind}-{serial:05}{check}"
