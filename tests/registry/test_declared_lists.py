"""Every order, view and filter that a resource declares is answered, blank rows or not."""

import httpx
import pytest

from services.registry.resources import RESOURCES
from tests.paths import GOLDEN
from tests.registry.clients import imported, zipped

ASKED = [
    (resource.list_path, parameter, word)
    for resource in RESOURCES
    if not resource.is_below_project
    for parameter, words in (
        ("order", [order.name for order in resource.orders]),
        ("view", [view.name for view in resource.views]),
    )
    for word in words
] + [
    (resource.list_path, each.name, word)
    for resource in RESOURCES
    for each in resource.computed_filters
    for word in ("true", "false")
]


@pytest.mark.parametrize(("path", "parameter", "word"), ASKED)
async def test_what_a_resource_declares_is_answered(
    path: str, parameter: str, word: str, office: httpx.AsyncClient
) -> None:
    await imported(office, zipped(GOLDEN / "county"))
    first = await office.get(f"/v1{path}", params={parameter: word, "limit": 1})
    assert first.status_code == 200, first.text
    if following := first.json()["next"]:
        asked = {parameter: word, "limit": 200, "after": following}
        assert (await office.get(f"/v1{path}", params=asked)).status_code == 200
