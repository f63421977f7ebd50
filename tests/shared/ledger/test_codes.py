"""The codes of the country, true ones and doubtful ones."""

import pytest

from shared.ledger.codes import check_credit_code, check_national_code, check_region_code
from shared.reference import region_codes


@pytest.mark.parametrize(
    "code",
    [
        "2603-141124-89-05-346948",
        "2111-522323-04-01-342068",
        "2411-130202-89-01-637015",
        "2017-110000-54-01-000001",
        "2020-110000-54-01-000001",
        "2106-440100-04-01-237448-2001",
    ],
)
def test_true_project_codes_of_both_forms_pass(code: str) -> None:
    assert check_national_code(code) is None


def test_every_other_last_digit_of_a_newer_project_code_is_doubted() -> None:
    for digit in set("0123456789") - {"8"}:
        assert check_national_code(f"2603-141124-89-05-34694{digit}") == "national_code_check"


@pytest.mark.parametrize(
    "code",
    [
        "2603-141124-89-05",
        "260314112489053469481",
        "1949-141124-89-05-346948",
        "2021-141124-89-05-346948",  # neither a month from 2020-11 on nor a year before it
        "2603-141124-89-05-34694X",
        "2106-440100-04-01-237448-1",
    ],
)
def test_what_has_the_form_of_no_project_code_is_doubted(code: str) -> None:
    assert check_national_code(code) == "bad_national_code"


@pytest.mark.parametrize("code", ["91110000600037341L", "N2110108MF1234567U"])
def test_credit_codes_pass_also_those_that_begin_with_letters(code: str) -> None:
    assert check_credit_code(code) is None


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("911100006000373410", "credit_code_check"),
        ("91110000600037341", "bad_credit_code"),
        ("9111000060003734IL", "bad_credit_code"),
        ("91A10000600037341L", "bad_credit_code"),
        ("91110000600037341l", "bad_credit_code"),
    ],
)
def test_a_doubtful_credit_code_says_why(code: str, wrong: str) -> None:
    assert check_credit_code(code) == wrong


@pytest.mark.parametrize(
    "code", ["141127", "141100", "140000", "110101", "141127001", "141127001001"]
)
def test_regions_are_counties_and_what_is_above_and_below_them(code: str) -> None:
    assert check_region_code(code, region_codes()) is None


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("990101", "unknown_region"),
        ("149900", "unknown_region"),
        ("14112", "bad_region"),
        ("1411270", "bad_region"),
        ("岚县", "bad_region"),
    ],
)
def test_a_doubtful_region_says_why(code: str, wrong: str) -> None:
    assert check_region_code(code, region_codes()) == wrong
