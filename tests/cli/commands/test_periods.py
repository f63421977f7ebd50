"""bairi periods on the golden county."""

from pathlib import Path

from services.scoring.schemes.scheme_files import BUILT_IN_FOLDER
from tests.cli.runner import COUNTY, bairi, county


def test_a_quarter_is_told_with_its_months() -> None:
    said = county("periods", "--year", "2022", "--quarter", "3").said
    assert "2022年第3季度" in said
    assert "得分┃7月┃8月┃9月┃" in said
    assert "缺" not in said


def test_a_year_without_reports_is_missing_whole() -> None:
    done = bairi("periods", COUNTY, "--year", "2023", "--format", "json")
    assert done.document["missing"] == [*range(1, 13)]
    assert done.document["groups"] == []
    assert "缺1月、2月" in bairi("periods", COUNTY, "--year", "2023").said


def test_a_year_end_has_a_column_of_its_own(tmp_path: Path) -> None:
    """The scheme of the office, with December's part."""
    text = (BUILT_IN_FOLDER / "lanxian-2022.yaml").read_text("utf-8")
    file = tmp_path / "own.yaml"
    more = "periods: {missing: skip, trimmed: true, year_end: 60%}\n"
    file.write_text(text.replace("id: lanxian-2022", "id: own") + more, "utf-8")
    said = county("periods", "--year", "2022", "--scheme", str(file)).said
    assert "11月┃年终┃" in said
    assert "12月末得分占60%" in said


def test_no_such_quarter_is_wrong_usage() -> None:
    assert bairi("periods", COUNTY, "--year", "2022", "--quarter", "5").code == 2
