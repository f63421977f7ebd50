"""bairi periods on the golden county."""

from tests.cli.commands import COUNTY, bairi, county


def test_a_quarter_is_told_with_its_months() -> None:
    said = county("periods", "--year", "2022", "--quarter", "3").said
    assert "2022年第3季度" in said
    assert "平均┃7月┃8月┃9月┃" in said
    assert "缺" not in said


def test_a_year_without_reports_is_missing_whole() -> None:
    done = bairi("periods", COUNTY, "--year", "2023", "--format", "json")
    assert done.document["missing"] == [*range(1, 13)]
    assert done.document["groups"] == []
    assert "缺1月、2月" in bairi("periods", COUNTY, "--year", "2023").said


def test_no_such_quarter_is_wrong_usage() -> None:
    assert bairi("periods", COUNTY, "--year", "2022", "--quarter", "5").code == 2
