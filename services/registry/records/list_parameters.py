"""Parameters of lists and of views: what may be asked of a resource beside its columns."""

from collections.abc import Iterator, Mapping
from inspect import Parameter
from typing import Annotated, Any

from fastapi import Query
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from services.registry.records.resource import FULL, FULL_ZH, RECORDED, Resource
from shared.clock import Today
from shared.facts.words import Word
from shared.ledger.sheets import fold_name

MAX_SEARCH_CHARACTERS = 100
ONE_LINE_PATTERN = r"^[^\x00-\x1f\x7f]*$"


def fold_search(text: str) -> str:
    """Fold what is searched for as what is searched in was. Raises where nothing is left."""
    folded = fold_name(text)
    if not folded:
        raise PydanticCustomError("nothing_searched", "Without spaces nothing is left to look for.")
    return folded


SearchParam = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=MAX_SEARCH_CHARACTERS,
        pattern=ONE_LINE_PATTERN,
        title="检索",
        description="名称、编号、代码或名称的拼音首字母中的一段",
    ),
    AfterValidator(lambda text: text and fold_search(text)),
]
TotalsParam = Annotated[bool, Query(title="是否合计", description="所列全部记录的条数和金额合计")]


def list_parameters(resource: Resource) -> Iterator[Parameter]:
    """Parameters of the list of a resource."""
    for each in resource.computed_filters:
        marked = Query(title=each.zh, description=each.description)
        yield build_optional(each.name, Annotated[bool | None, marked], None)
    if resource.kind.searched:
        yield build_optional("search", SearchParam, None)
    if resource.orders:
        words = build_words(resource, "Order", {o.name: o.zh for o in (RECORDED, *resource.orders)})
        marked = Query(title="排序", description="检索而不另写排序的，匹配的先列")
        yield build_optional("order", Annotated[words, marked], words(RECORDED.name))
    yield build_optional("totals", TotalsParam, False)
    yield from view_parameters(resource)


def view_parameters(resource: Resource) -> Iterator[Parameter]:
    """Parameters by which a form of records is chosen; the day is for what depends on it."""
    if resource.views:
        views = {view.name: view.zh for view in resource.views}
        words = build_words(resource, "View", {FULL: FULL_ZH, **views})
        yield build_optional("view", Annotated[words, Query(title="视图")], words(FULL))
    if resource.views or resource.computed_filters:
        yield Parameter("today", Parameter.KEYWORD_ONLY, annotation=Today)


def build_optional(name: str, annotation: Any, default: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def build_words(resource: Resource, ending: str, words: Mapping[str, str]) -> Any:
    """Build the vocabulary of a parameter from its words and their Chinese."""
    name = f"{resource.kind.model.__name__}{ending}"
    return Word(name, {word: (word, zh) for word, zh in words.items()})  # type: ignore[arg-type]
