"""Reasons and objections are texts that can be seen, as they stand."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from services.registry.import_undo.schemas import UndoForm
from services.registry.mappings.schemas import MappingForm
from services.registry.reviews.schemas import DecisionForm, ReturnForm
from services.registry.voids.schemas import TakeBackForm, VoidForm
from services.scoring.corrections.schemas import CorrectionAsk
from services.scoring.objections.schemas import ObjectionAnswerForm, ObjectionForm

FORMS: dict[str, tuple[type[BaseModel], str, dict[str, Any]]] = {
    "return": (ReturnForm, "reason", {}),
    "decision": (DecisionForm, "reason", {"report_id": 1, "decision": "return"}),
    "void": (VoidForm, "reason", {"kind": "progress", "version": 1}),
    "take-back": (TakeBackForm, "reason", {}),
    "undo": (UndoForm, "why", {}),
    "correction": (CorrectionAsk, "reason", {}),
    "objection": (ObjectionForm, "text", {"unit_id": "U06"}),
    "answer": (ObjectionAnswerForm, "text", {"outcome": "kept"}),
}
BLANK = ("", "  ", "\u3000", "\u200b", "\u2060\u200d", "\u3164", "\u2800", "\u0301", "\U000e0020")
HIDDEN = ("可信\u202e数假", "拆\u200b分", "\ufeff说明", "响\x07")


@pytest.mark.parametrize("form", FORMS)
def test_a_reason_is_seen_as_it_stands(form: str) -> None:
    model, field, rest = FORMS[form]
    assert getattr(model.model_validate({**rest, field: " 多写了三个零 "}), field) == "多写了三个零"
    for text in (*BLANK, *HIDDEN):
        with pytest.raises(ValidationError):
            model.model_validate({**rest, field: text})


def test_a_mapping_needs_no_reason_but_hides_nothing_in_it() -> None:
    assert MappingForm.model_validate({"document": {}}).why == ""
    for text in HIDDEN:
        with pytest.raises(ValidationError):
            MappingForm.model_validate({"document": {}, "why": text})
