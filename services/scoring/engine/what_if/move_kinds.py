"""The kinds of moves that a unit may make, and the projects that offer them.

A condition is a formula over the catalogue's named facts, so that it changes with the catalogue.
What others decide is not moved: plans, contracts, sizes, who is responsible.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.scoring.engine.declarations import NamedFact
from services.scoring.engine.language.compiler import with_clause_sql
from services.scoring.engine.language.formula_text import FormulaText
from services.scoring.engine.language.symbols import (
    ProjectSymbols,
    compile_condition,
    quote_identifier,
)
from shared.facts.words import FundSource, MilestoneKind, Word


class Measured(Word):
    """The unit in which moves of a kind are counted."""

    rows = "rows", "条"
    yuan = "yuan", "元"


ROWS, YUAN = Measured.rows, Measured.yuan


@dataclass(frozen=True)
class MoveKind:
    """A kind of move; `zh` is one more of it, or of money the phrase before the amount.

    Money is the `column` of one row of the `table`. `applies` is the condition of a project that
    offers it; a row of the project may have conditions of its own.
    """

    id: str
    zh: str
    measured: Measured
    table: str
    column: str = ""
    applies: str = ""

    @property
    def flag(self) -> str:
        """The column of `project_facts_query` that answers `applies`."""
        return f"{self.id} applies"


# Facts without a formula in the catalogue. A continuing project that has yet to resume offers
# candidates, though it is not `working`; so does a resumption of whatever planned year and day of
# decision, though `resumption_expected` counts only those of this year.
OWN_FACTS = (
    NamedFact(id="begun", zh="已开工或续建", text="in_campaign and (started or not is_new)"),
    NamedFact(
        id="resumptions_planned",
        zh="计划复工",
        over="milestones",
        where='kind == "resumed"',
        text="count(known(planned_on))",
    ),
)
MILESTONE_CONDITIONS: Mapping[MilestoneKind, tuple[str, str]] = {
    MilestoneKind.started: ("再开工 1 个项目", "is_new and not started"),
    MilestoneKind.resumed: (
        "再复工 1 个项目",
        "begun and resumptions_planned > 0 and not resumed_this_year",
    ),
    MilestoneKind.pooled: ("再入库 1 个项目", "begun and large and not pooled"),
    MilestoneKind.landed: ("再落地 1 个项目", "signed and not landed"),
    MilestoneKind.completed: ("再竣工 1 个项目", "begun and not completed"),
    MilestoneKind.in_production: ("再投产 1 个项目", "begun and not in_production"),
}
MILESTONE_MOVE_KINDS = {
    kind: MoveKind(str(kind), zh, ROWS, "milestones", applies=applies)
    for kind, (zh, applies) in MILESTONE_CONDITIONS.items()
}
PERMIT_MOVE_KIND = MoveKind("permit", "再办结 1 项手续", ROWS, "permits")
LISTING_MOVE_KIND = MoveKind(
    "listed", "再有 1 个项目列入重点", ROWS, "projects", applies="not listed"
)
INVESTMENT_MOVE_KIND = MoveKind(
    "investment", "单个项目再完成投资", YUAN, "progress", "invested_ytd_yuan", applies="begun"
)
ATTRACTED_FUNDS_MOVE_KIND = MoveKind(
    "attracted_funds",
    "单个项目再到位招商资金",
    YUAN,
    "funds",
    "amount_yuan",
    applies="is_attracted and signed",
)
WON_FUNDS_MOVE_KINDS = {
    FundSource.central_budget: MoveKind(
        "central_budget", "再争取中央预算内资金", YUAN, "funds", "amount_yuan"
    ),
    FundSource.policy_instrument: MoveKind(
        "policy_instrument", "再争取政策性金融工具", YUAN, "funds", "amount_yuan"
    ),
}
MOVE_KINDS = (
    *MILESTONE_MOVE_KINDS.values(),
    LISTING_MOVE_KIND,
    PERMIT_MOVE_KIND,
    INVESTMENT_MOVE_KIND,
    ATTRACTED_FUNDS_MOVE_KIND,
    *WON_FUNDS_MOVE_KINDS.values(),
)
AMOUNT_FACTS = ("ytd", "attracted_arrived")


def project_facts_query(catalogue: Mapping[str, NamedFact]) -> str:
    """The query of the facts of live projects on which candidates depend.

    Columns: `project_id`, the `flag` of every kind that has a condition, and AMOUNT_FACTS in yuan.
    """
    projects = ProjectSymbols({**catalogue, **{fact.id: fact for fact in OWN_FACTS}})
    columns = [
        f"{compile_condition(FormulaText(kind.applies, kind.zh), projects)}"
        f" AS {quote_identifier(kind.flag)}"
        for kind in MOVE_KINDS
        if kind.applies
    ]
    columns += [projects.resolve_symbol(name).sql for name in AMOUNT_FACTS]
    layers = with_clause_sql(projects.build_layers())
    return f"{layers}\nSELECT project_id, {', '.join(columns)} FROM facts ORDER BY project_id"
