"""What a person is told of a broken formula."""

from collections.abc import Callable
from textwrap import dedent

import pytest

from services.scoring.engine.declarations import NamedFact
from services.scoring.engine.language.compiler import terms_query
from services.scoring.engine.language.formula_text import FormulaMistake
from services.scoring.engine.language.symbols import ProjectSymbols
from tests.scoring.engine.language.queries import DECLARED, a_metric

ONLY_TALLIES = "这里要 count()、count(条件)、sum(数)，或它们的和、差、整数倍"
ONLY_FUNCTIONS = (
    "可用：known(值)、or_else(值, 值)、months(日期)、after_months(日期, 月数)"
    "；count、sum 等只在最外层"
)
ONLY_SYNTAX = "只能用名称、整数、+ - *、比较、and/or/not、if-else 和列出的函数"
TABLES = "projects、plans、milestones、progress、permits、funds、problems、pauses"


def told(compile_it: Callable[[], object]) -> str:
    with pytest.raises(FormulaMistake) as mistake:
        compile_it()
    return mistake.value.detail


def told_of_metric(numerator: str = "count()", denominator: str = "", **given: str) -> str:
    metric = a_metric(numerator, denominator, **given)
    return told(lambda: terms_query([metric], DECLARED))


def told_of_facts(**texts: str) -> str:
    """What is told where `asked` is asked for, among these facts."""
    facts = {name: NamedFact(id=name, zh=name, text=text) for name, text in texts.items()}
    return told(lambda: ProjectSymbols({**DECLARED, **facts}).resolve_symbol("asked"))


def told_of_rows(text: str, over: str = "funds", where: str = "") -> str:
    fact = NamedFact(id="asked", zh="问", text=text, over=over, where=where)
    return told(lambda: ProjectSymbols({**DECLARED, "asked": fact}).resolve_symbol("asked"))


def message(text: str) -> str:
    return dedent(text).strip()
