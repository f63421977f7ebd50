"""The check of a ledger also says what can hardly be true, as of a day."""

from tests.cli.runner import county

JSON = ("--format", "json")


def test_check_warns_of_what_can_hardly_be_true_on_its_day() -> None:
    def doubts(day: str) -> list[tuple[str, int, str, str]]:
        warnings = county("check", "--today", day, *JSON).document["warnings"]
        return [
            (w["sheet"], w["row"], w["column"], w["value"])
            for w in warnings
            if w["code"] == "date_in_future"
        ]

    assert doubts("2023-12-31") == []
    told = doubts("2022-12-24")
    assert told
    assert {value for *_, value in told} <= {f"2022-12-{n}" for n in range(25, 32)}
    assert ("progress", "as_of") in {
        (sheet, column) for sheet, _, column, _ in doubts("2022-09-24")
    }


def test_check_says_both_figures_of_a_doubt() -> None:
    warnings = county("check", "--today", "2023-12-31", *JSON).document["warnings"]
    (told,) = (w for w in warnings if w["code"] == "approved_above_total")
    assert told == {
        "code": "approved_above_total",
        "sheet": "funds",
        "row": 17,
        "column": "amount_yuan",
        "value": "34660000",
        "expected": "截至 2021-09-26 获批资金共 34,660,000 元，超过总投资 2,530,000 元",
        "count": 1,
    }
