"""The rule book over HTTP, and who reads it."""

import pytest

from services.notifier.rules.ladder import LETTER_RULES
from services.notifier.rules.sentences import list_general_rules, list_letter_rules
from tests.notifier.letters.conftest import OFFICE
from tests.registry.clients import As


@pytest.mark.parametrize("role", ["office", "inspector", "unit", "leader", "field"])
async def test_the_rules_are_told_to_those_who_read_letters(swept: As, role: str) -> None:
    found = (await swept(role, unit_id="U01").get("/v1/rules")).json()
    expected = list_letter_rules(LETTER_RULES)
    assert [(rule["kind"], rule["about"], rule["zh"], rule["en"]) for rule in found["letters"]] == [
        (rule.kind, rule.about, rule.zh, rule.en) for rule in expected
    ]
    assert [rule["answer_workdays"] for rule in found["letters"]] == [
        x.answer_workdays for x in expected
    ]
    assert [rule["zh"] for rule in found["general"]] == [
        rule.zh for rule in list_general_rules(LETTER_RULES)
    ]
    assert (found["scheme"], found["effective_from"]) == (OFFICE.scheme, None)


@pytest.mark.parametrize("role", ["viewer", "approval"])
async def test_others_are_not(swept: As, role: str) -> None:
    assert (await swept(role, unit_id="U01").get("/v1/rules")).status_code == 403
