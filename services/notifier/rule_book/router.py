"""The rule book of letters over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request

from services.notifier.rule_book.schemas import LetterRuleRead, RuleBook, SentenceRead
from services.notifier.rules.ladder import LETTER_RULES
from services.notifier.rules.sentences import list_general_rules, list_letter_rules
from shared.clock import Today
from shared.http.auth import require_roles
from shared.http.service_route import ServiceRoute
from shared.http.tokens import REGION_WIDE, Caller, Role

router = APIRouter(
    prefix="/v1",
    tags=["发函"],
    route_class=ServiceRoute,
    generate_unique_id_function=lambda route: route.name,
)
RuleReaders = Annotated[Caller, require_roles(*REGION_WIDE, Role.unit, Role.leader, Role.field)]


@router.get("/rules", summary="读取发函规则")
async def read_letter_rules(request: Request, who: RuleReaders, today: Today) -> RuleBook:
    """The rules in force today in plain sentences, with their numbers."""
    rules = LETTER_RULES.in_force(today)
    return RuleBook(
        as_of=today,
        effective_from=None if rules.effective_from == date.min else rules.effective_from,
        scheme=request.app.state.office.scheme,
        letters=[LetterRuleRead.model_validate(rule) for rule in list_letter_rules(rules)],
        general=[SentenceRead.model_validate(rule) for rule in list_general_rules(rules)],
    )
