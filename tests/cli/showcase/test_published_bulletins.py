"""Published bulletins recomputed: which figures agree to the last digit, which do not, and why."""

import io
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from services.cli.showcase.publications.bulletins import (
    OUR_REMARKS,
    OWN_CURVES,
    Comparison,
    ComparisonVerdict,
    compare_bulletins,
    compare_line,
    read_bulletin_lines,
)
from services.cli.showcase.publications.bulletins_report import (
    count_verdicts,
    show_bulletins_report,
)
from services.cli.showcase.publications.rounding import (
    PublishedFigure,
    divide_spans,
    do_overlap,
    parse_published_figure,
)

COMPARISONS = compare_bulletins()
LINE = dict.fromkeys(read_bulletin_lines()[0], "") | {"id": "P999", "place": "某县", "year": "2023"}


def differing(what: str) -> dict[str, Comparison]:
    return {
        c.row_id: c for c in COMPARISONS if (c.what, c.verdict) == (what, ComparisonVerdict.differs)
    }


def agreeing(what: str) -> list[str]:
    return [
        c.row_id for c in COMPARISONS if (c.what, c.verdict) == (what, ComparisonVerdict.agrees)
    ]


# --- what agrees


def test_thirty_lines_are_read_and_this_much_agrees() -> None:
    assert len(read_bulletin_lines()) == 30
    assert count_verdicts(COMPARISONS) == Counter(
        {
            ("完成率", ComparisonVerdict.agrees): 15,
            ("完成率", ComparisonVerdict.differs): 5,
            ("完成率", ComparisonVerdict.unpublished): 1,
            ("开工率", ComparisonVerdict.agrees): 2,
            ("开工率", ComparisonVerdict.unpublished): 2,
            ("超欠序时", ComparisonVerdict.agrees): 6,
            ("超欠序时", ComparisonVerdict.differs): 3,
            ("超欠序时", ComparisonVerdict.unpublished): 21,
        }
    )


def test_every_published_figure_with_inputs_is_compared() -> None:
    compared = {(c.row_id, c.what) for c in COMPARISONS if c.published is not None}
    for line in read_bulletin_lines():
        if line["published_lead_pp"]:
            assert (line["id"], "超欠序时") in compared
        if line["published_start_rate_pct"]:
            assert (line["id"], "开工率") in compared
        if line["published_rate_pct"] and line["completed_yi"] and line["annual_plan_yi"]:
            assert (line["id"], "完成率") in compared


def test_leads_by_months_and_by_the_own_curve_of_huidong_2022() -> None:
    assert agreeing("超欠序时") == ["P001", "P005", "P008", "P009", "P011", "P012"]
    by_curve = [c.row_id for c in COMPARISONS if c.published and "自定曲线" in c.basis]
    assert by_curve == ["P008", "P009", "P011", "P012"]


def test_the_curve_is_half_done_in_may_and_ends_at_120_per_cent() -> None:
    curve = OWN_CURVES["广东惠东县", "2022"]
    assert (curve[4], curve[5], curve[11]) == (Fraction(1, 2), Fraction(3, 5), Fraction(6, 5))


# --- what differs, and why


def test_completion_rates_that_differ_come_from_rounded_amounts_but_for_one() -> None:
    found = differing("完成率")
    assert {row: (c.computed, c.published) for row, c in found.items()} == {
        "P006": ("11.3", "11.4"),
        "P010": ("70.74", "70.78"),
        "P013": ("24.21", "24.25"),
        "P022": ("61.74", "61.73"),
        "P023": ("63.87", "63.88"),
    }
    assert [row for row, c in found.items() if "四舍五入所致" not in c.why] == ["P013"]
    assert found["P013"].why == (
        "输入数四舍五入解释不了：真值只能在 24.173～24.243 之间；"
        "要得发布数，计划应为 17.63～17.67 亿元，表中为 17.68；"
        "我们的推测：计划数或完成数后来改过，比率没有跟着改"
    )


def test_one_lead_differs_by_rounding_and_two_contradict_each_other() -> None:
    found = differing("超欠序时")
    assert {row: (c.computed, c.published) for row, c in found.items()} == {
        "P006": ("-22.0", "-21.9"),
        "P029": ("5.6", "5.3"),
        "P030": ("6.7", "5.9"),
    }
    assert found["P006"].why == (
        "输入数四舍五入所致：真值可在 -22.075～-21.911 之间；"
        "若用发布的完成率 11.4 计算则为 -21.9，与发布一致"
    )
    assert "原文自相矛盾" in found["P029"].why
    assert "本行序时为 42.40～42.60，同一通报的 P029 为 41.80～42.00" in found["P030"].why


def test_every_difference_has_a_reason_and_our_own_remarks_are_labelled() -> None:
    assert all(bool(c.why) == (c.verdict is ComparisonVerdict.differs) for c in COMPARISONS)
    assert all(remark.startswith("我们的") for remark in OUR_REMARKS.values())
    assert set(OUR_REMARKS) <= {
        c.row_id for c in COMPARISONS if c.verdict is ComparisonVerdict.differs
    }


# --- how a line is computed


def test_a_lead_without_amounts_starts_from_the_published_rate_and_says_so() -> None:
    line = LINE | {"months_elapsed": "6", "published_rate_pct": "59.8", "published_lead_pp": "9.8"}
    (found,) = compare_line(line, [line])
    assert found.verdict is ComparisonVerdict.agrees
    assert found.basis == "发布的完成率 59.8 − 序时 50.00（6 ÷ 12）"


def test_a_blank_year_is_read_at_the_months_end() -> None:
    line = LINE | {"year": "", "months_elapsed": "2", "published_rate_pct": "20"}
    (found,) = compare_line(line, [line])
    assert (found.computed, found.verdict) == ("3.3", ComparisonVerdict.unpublished)


def test_a_line_without_inputs_gives_nothing() -> None:
    assert list(compare_line(LINE | {"completed_yi": "4", "n_started": "3"}, [])) == []


def test_a_lead_that_fits_nothing_says_so() -> None:
    line = LINE | {"months_elapsed": "6", "published_rate_pct": "50", "published_lead_pp": "9.0"}
    (found,) = compare_line(line, [line])
    assert found.why == "与所列口径的序时不符；若用发布的完成率 50 计算则为 0.0"


@pytest.mark.parametrize(
    ("text", "value", "agrees"),
    [
        ("46.4", "46.35", True),
        ("46.4", "46.4499", True),
        ("46.4", "46.45", False),
        ("72", "72.4", True),
    ],
)
def test_a_figure_agrees_to_its_last_digit(text: str, value: str, agrees: bool) -> None:
    found = parse_published_figure(text)
    assert found is not None
    assert found.is_printed_from(Fraction(value)) is agrees


@given(
    st.fractions(min_value=1, max_value=500),
    st.fractions(min_value=1, max_value=500),
    st.integers(min_value=0, max_value=2),
)
def test_true_amounts_are_always_inside_what_their_rounding_allows(
    done: Fraction, plan: Fraction, decimals: int
) -> None:
    def as_printed(amount: Fraction) -> PublishedFigure:
        whole = (2 * amount * 10**decimals + 1) // 2  # half up
        return PublishedFigure(Fraction(whole, 10**decimals), decimals)

    low, high = divide_spans(as_printed(done).span, as_printed(plan).span)
    assert low <= done / plan <= high


def test_spans_that_only_touch_do_not_overlap() -> None:
    assert not do_overlap((Fraction(0), Fraction(1)), (Fraction(1), Fraction(2)))


def test_the_report_shows_the_counts_and_the_reasons() -> None:
    console = Console(width=160, file=io.StringIO(), record=True)
    show_bulletins_report(console)
    text = console.export_text()
    assert "完成率：一致 15，不一致 5，未发布 1" in text
    assert "超欠序时：一致 6，不一致 3，未发布 21" in text
    assert "P030 超欠序时：原文自相矛盾" in text
