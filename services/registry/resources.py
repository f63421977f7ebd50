"""Resources: every kind of fact over HTTP, who may write it, and by what its list is narrowed.

A kind's columns, its key and who may see it are in its declaration, which the first name leads to.
"""

from services.registry.periods.service import refuse_closed_period
from services.registry.projects.card import PROJECT_CARD
from services.registry.projects.milestone_dates import OVERDUE
from services.registry.records.endpoints import build_router
from services.registry.records.resource import OFFICE, NamedOrder, Part, Resource
from services.registry.tables import NAME_ORDER
from shared.facts.money_and_statistics import FUNDS, INDICATORS
from shared.facts.projects import (
    MILESTONES,
    PAUSES,
    PERMITS,
    PLANS,
    PROBLEMS,
    PROGRESS,
    PROJECTS,
    UNITS,
)
from shared.http.tokens import Role

REVISIONS = Part("decided_on", "revisions", "milestone_revision", "节点计划日期的调整")
OFFICE_AND_UNIT = (Role.office, Role.unit)
OFFICE_UNIT_AND_FIELD = (*OFFICE_AND_UNIT, Role.field)

BY_NAME = NamedOrder("name", "名称拼音", NAME_ORDER)
BY_TOTAL_INVESTMENT = NamedOrder(
    "total_investment", "总投资从大到小", "total_investment_yuan", largest_first=True
)

RESOURCES = (
    Resource(UNITS, "unit", OFFICE, filters=("kind", "group"), orders=(BY_NAME,)),
    Resource(
        PROJECTS,
        "project",
        OFFICE,
        filters=(
            *("unit_id", "competent_unit_id", "nature", "national_code"),
            *("key_levels", "programs"),
        ),
        computed_filters=(OVERDUE,),
        orders=(BY_NAME, BY_TOTAL_INVESTMENT),
        sums=("contract_yuan", "total_investment_yuan"),
        views=(PROJECT_CARD,),
    ),
    Resource(PLANS, "plan", OFFICE, sums=("planned_yuan",)),
    # The original has the actual date; a revision moves the planned one.
    Resource(
        MILESTONES,
        "milestone",
        OFFICE_AND_UNIT,
        filters=("kind",),
        office_fields=("planned_on",),
        blank="decided_on",
    ),
    Resource(MILESTONES, "milestone", OFFICE, part=REVISIONS),
    Resource(
        PROGRESS,
        "progress_report",
        OFFICE_UNIT_AND_FIELD,
        check_write=refuse_closed_period,
    ),
    Resource(PERMITS, "permit", (*OFFICE_AND_UNIT, Role.approval)),
    Resource(
        FUNDS,
        "fund",
        OFFICE_AND_UNIT,
        filters=("project_id", "unit_id", "source", "event"),
        sums=("amount_yuan",),
    ),
    Resource(
        PROBLEMS,
        "problem",
        OFFICE_UNIT_AND_FIELD,
        filters=("project_id", "handler_unit_id", "category", "level"),
        office_fields=("closed_on",),
    ),
    Resource(PAUSES, "pause", OFFICE),
    Resource(INDICATORS, "indicator", OFFICE, filters=("region_code", "indicator")),
)
ROUTERS = tuple(map(build_router, RESOURCES))
