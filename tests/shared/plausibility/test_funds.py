"""Approved funds beside the total investment."""

from typing import Any

import pytest

from tests.shared.plausibility.records import beside, doubts, figures, row


def fund(amount: int | None, on: str | None = "09-10", event: str = "approved") -> dict[str, Any]:
    return row("funds", source="bank_loan", event=event, amount_yuan=amount, on=on)


CASES = [
    # total, funds that count, fund; doubt
    (1000, [], fund(1000), {}),
    (1000, [], fund(1001), {"approved_above_total": (1001, 1000)}),
    (1000, [fund(600, "08-01")], fund(400), {}),
    (1000, [fund(600, "08-01")], fund(401), {"approved_above_total": (1001, 1000)}),
    (1000, [fund(600, "09-10")], fund(401), {"approved_above_total": (1001, 1000)}),
    (1000, [fund(600, "09-11")], fund(401), {}),  # dated later: not up to its date
    (1000, [fund(600, None)], fund(401), {}),
    (1000, [fund(None, "08-01")], fund(1000), {}),
    (1000, [fund(600, "08-01", "applied")], fund(401), {}),
    (1000, [fund(600, "08-01", "arrived")], fund(401), {}),
    (1000, [fund(600, "08-01")], fund(900, event="arrived"), {}),
    (1000, [], fund(1001, None), {}),
    (None, [], fund(9_000_000_000), {}),
]


@pytest.mark.parametrize(("total", "others", "record", "expected"), CASES)
def test_what_is_approved_beside_the_total(
    total: int | None,
    others: list[dict[str, Any]],
    record: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    found = doubts("funds", record, beside(total, funds=others))
    assert figures(found) == expected
    assert all(each.holds and each.column == "amount_yuan" for each in found)


def test_a_fund_of_a_unit_is_beside_no_total() -> None:
    record = {**fund(9_000_000_000), "project_id": None, "unit_id": "U01"}
    assert doubts("funds", record, beside(1)) == ()


def test_the_sum_is_told_with_its_day() -> None:
    (found,) = doubts("funds", fund(401), beside(1000, funds=[fund(600, "08-01")]))
    assert found.sentence() == "截至 2022-09-10 获批资金共 1,001 元，超过总投资 1,000 元"
