"""What is wrong with a mapping is told in part, and no mapping grows beyond its limits."""

from typing import Any

import pytest

from shared.mapping.documents import parse_document, parse_mapping
from shared.mapping.mapping_mistakes import MAX_MISTAKES, MappingMistake
from shared.mapping.model import MAX_NAME, ImportMapping
from shared.mapping.questions import WORD, store_answers
from shared.yaml_tree import MAX_DEPTH, MAX_NODES
from tests.shared.mapping.made_sheets import flat_sheet, propose

MAPPING = propose(flat_sheet())
BROKEN_SHEETS = 24_000
MISTAKES = 3 * BROKEN_SHEETS  # an unknown key, a name and columns that are missing


def nested(levels: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(levels):
        found = {"sheets": found}
    return found


def test_of_many_mistakes_the_first_are_told_and_all_are_counted() -> None:
    lines = "".join(f"- {{zz{i}: 1}}\n" for i in range(BROKEN_SHEETS))
    with pytest.raises(MappingMistake) as as_yaml:
        parse_mapping(f"sheets:\n{lines}")
    with pytest.raises(MappingMistake) as as_values:
        parse_document({"sheets": [{f"zz{i}": 1} for i in range(BROKEN_SHEETS)]})
    for mistake in (as_yaml.value, as_values.value):
        told = mistake.detail.split("；")
        assert len(told) == MAX_MISTAKES + 1
        assert told[-1] == f"共 {MISTAKES} 处，只列出前 {MAX_MISTAKES} 处"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"sheets": [0] * MAX_NODES}, f"最多 {MAX_NODES} 项"),
        ({"names": {"units": {str(i): "U" for i in range(MAX_NODES // 2)}}}, f"{MAX_NODES} 项"),
        (nested(MAX_DEPTH + 1), f"最多 {MAX_DEPTH} 层"),
    ],
)
def test_more_than_anybody_writes_is_refused_before_it_is_looked_at(
    values: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImportMapping, "model_validate", lambda _values: pytest.fail("looked at"))
    with pytest.raises(MappingMistake) as mistake:
        parse_document(values)
    assert told in mistake.value.detail


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (
            {f"{WORD}:projects.nature/第{i}类": "new" for i in range(1_001)},
            "names.words：最多 1000",
        ),
        (
            {f"column:台账:第{chr(0x4E00 + i)}列": "ignored=不要" for i in range(300)},
            "sheets.0.columns：最多 300 项",
        ),
        ({"unit:住建局": "U" * (MAX_NAME + 1)}, f"units.住建局：最多 {MAX_NAME} 个字符"),
    ],
)
def test_answers_that_a_mapping_cannot_hold_are_refused(answers: dict[str, str], told: str) -> None:
    with pytest.raises(MappingMistake) as mistake:
        store_answers(MAPPING, answers, "digest")
    assert told in mistake.value.detail
