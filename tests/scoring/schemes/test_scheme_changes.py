"""Files of changes: what is wrong is told with its place."""

from pathlib import Path

import pytest

from services.scoring.engine.what_if.changes import ChangeMistake
from services.scoring.schemes.scheme_changes import read_changes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("facts:\n  - {change: sot, table: plans}\n", "第 2 行第 14 列 facts.0.change：应为 set"),
        ("facts:\n  - {change: add, table: plan}\n", "第 2 行第 26 列 facts.0.table：应为 units"),
        ("facts:\n  - {change: add, table: plans}\n", "第 2 行第 5 列 facts.0：add 要写 row"),
        ("fact: []\n", "第 1 行第 1 列 fact：不认识这一项"),
        ("scheme:\n  - {path: decimals}\n", "第 2 行第 5 列 scheme.0.value：缺少这一项"),
        ("facts: [\n", "不合 YAML 语法"),
    ],
)
def test_mistakes_in_a_file_are_told_with_line_and_column(
    text: str, expected: str, tmp_path: Path
) -> None:
    file = tmp_path / "changes.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ChangeMistake) as refused:
        read_changes(file)
    assert expected in refused.value.detail


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_bytes(b"\xff\xfe\x00")
    for name, why in (("odd.yaml", "不是 UTF-8 文本"), ("none.yaml", "读不到")):
        with pytest.raises(ChangeMistake, match=why):
            read_changes(tmp_path / name)
