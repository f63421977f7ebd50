"""An office's own schemes: kept for its region, checked line by line, fixed at their first use."""

from typing import Any

import httpx
import pytest

from services.scoring.scheme_library import service
from services.scoring.scheme_library.schemas import EXAMPLE_SCHEME
from shared.child_processes.limits import MB, Limits
from tests.registry.clients import REGION
from tests.scoring.service.conftest import As
from tests.scoring.service.test_runs import DAY, begun
from tests.shared.child_processes.pieces_of_work import hoard_over

OTHER = EXAMPLE_SCHEME.replace("weight: 100", "weight: 50")
SECOND = EXAMPLE_SCHEME.replace("zh: 示例办法", "zh: 示例办法\nversion: 2")
BROKEN = """id: our-county
zh: 示例办法
source: 本县文件
lights: yinchuan-2025
pillars:
  - id: progress
    zh: 进度
    weight: -1
    metrics:
      - id: investment_completion
        points: {rule: proportionl}
"""


async def kept(office: httpx.AsyncClient, text: str, **also: Any) -> httpx.Response:
    return await office.post("/v1/schemes", json={"text": text, **also})


async def test_a_scheme_is_kept_once_and_runs_are_made_by_it(office: httpx.AsyncClient) -> None:
    first, again = await kept(office, EXAMPLE_SCHEME), await kept(office, EXAMPLE_SCHEME)
    run = await begun(office, scheme="our-county")
    ranking = (await office.get(f"/v1/runs/{run['id']}/ranking")).json()

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["text"] == EXAMPLE_SCHEME
    assert (run["scheme_id"], run["scheme_version"], run["scheme_region"]) == (
        "our-county",
        1,
        REGION,
    )
    assert (await office.post(f"/v1/runs/{run['id']}/repeat")).json()["same"]
    assert [*ranking["groups"][0]["units"][0]["pillars"]] == ["progress"]
    assert (await office.get("/v1/schemes")).json()["items"][-1] == first.json()


async def test_a_version_may_change_until_a_run_has_used_it(office: httpx.AsyncClient) -> None:
    await kept(office, EXAMPLE_SCHEME)
    changed = await kept(office, OTHER)
    used = await begun(office, scheme="our-county")
    refused = await kept(office, EXAMPLE_SCHEME)
    layout = await kept(office, OTHER + "\n# 说明\n")
    second = await kept(office, SECOND)

    assert changed.status_code == 201
    assert changed.json()["document"]["pillars"][0]["weight"] == "50"
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/scheme-changed")
    assert (layout.status_code, second.status_code) == (201, 201)
    assert (await begun(office, scheme="our-county", scheme_version=1))["id"] == used["id"]
    assert (await begun(office, scheme="our-county"))["scheme_version"] == 2


async def test_versions_are_listed_and_read(office: httpx.AsyncClient) -> None:
    for text in (EXAMPLE_SCHEME, SECOND):
        await kept(office, text)
    path = "/v1/schemes/our-county"
    page = (await office.get(f"{path}/versions", params={"limit": 1})).json()
    rest = (await office.get(f"{path}/versions", params={"after": page["next"]})).json()

    assert [item["version"] for item in page["items"] + rest["items"]] == [1, 2]
    assert (await office.get(path)).json() == rest["items"][0]
    assert (await office.get(f"{path}/versions/1")).json() == page["items"][0]
    assert (await office.get(f"{path}/versions/3")).status_code == 404
    built_in = (await office.get("/v1/schemes/lanxian-2022/versions")).json()["items"]
    assert [(item["version"], item["region"]) for item in built_in] == [(1, "")]


async def test_other_regions_do_not_see_it_and_those_below_use_it(
    as_: As, office: httpx.AsyncClient
) -> None:
    beside, above = as_("office", region="990102"), as_("office", region="9901")
    await kept(office, EXAMPLE_SCHEME)
    for path in ("/v1/schemes/our-county", "/v1/schemes/our-county/versions"):
        assert (await beside.get(path)).status_code == 404
    ids = [scheme["id"] for scheme in (await beside.get("/v1/schemes")).json()["items"]]
    unknown = await beside.post("/v1/runs", json={"as_of": DAY, "scheme": "our-county"})
    named = await above.get("/v1/schemes/our-county", params={"region": REGION})

    assert "our-county" not in ids
    assert unknown.status_code == 404
    assert named.json()["region"] == REGION
    assert (await beside.get("/v1/schemes", params={"region": REGION})).status_code == 404

    own = (await kept(above, OTHER.replace("our-county", "our-city"))).json()
    assert own["region"] == "9901"
    assert (await begun(office, scheme="our-city"))["scheme_region"] == "9901"


async def test_two_counties_may_call_theirs_alike(as_: As, office: httpx.AsyncClient) -> None:
    above = as_("office", region="9901")
    await kept(above, OTHER)
    of_city = await begun(office, scheme="our-county")
    await kept(office, EXAMPLE_SCHEME)
    of_county = await begun(office, scheme="our-county")

    assert (of_city["scheme_region"], of_county["scheme_region"]) == ("9901", REGION)
    assert (await above.get("/v1/schemes/our-county")).json()["text"] == OTHER


async def test_a_built_in_id_is_refused(office: httpx.AsyncClient) -> None:
    answer = await kept(office, EXAMPLE_SCHEME.replace("our-county", "lanxian-2022"))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/built-in")


async def test_every_mistake_is_told_with_line_and_column(office: httpx.AsyncClient) -> None:
    checked = (await office.post("/v1/schemes/validate", json={"text": BROKEN})).json()
    refused = await kept(office, BROKEN)

    places = [(m["line"], m["column"]) for m in checked["mistakes"]]
    assert (checked["valid"], checked["id"]) == (False, None)
    assert places == [(8, 13), (11, 17)]
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/scheme-mistake"
    assert refused.json()["mistakes"] == checked["mistakes"]
    assert [s["id"] for s in (await office.get("/v1/schemes")).json()["items"]][-1] != "our-county"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        *[("a: [", 1), ("- a", None), ("a: &x 1\nb: *x", 2), ("a: 1\na: 2", 2)],
        # what the text of JSON shows as backslashes, and no database or document can hold
        *[('a: 1\nzh: "\\0"', 2), ('a: 1\n"\\ud800": b', 2), ('zh: "\\U00110000"', None)],
        *[('zh: "\\e[31m"', 1), ("a: !!bool maybe", 1)],
    ],
)
async def test_what_is_no_scheme_at_all_is_told(
    text: str, line: int | None, office: httpx.AsyncClient
) -> None:
    checked = (await office.post("/v1/schemes/validate", json={"text": text})).json()
    assert not checked["valid"]
    assert checked["mistakes"][0]["line"] == line


async def test_a_scheme_without_its_lights_is_told_as_a_whole(office: httpx.AsyncClient) -> None:
    text = EXAMPLE_SCHEME.replace("yinchuan-2025", "nobodys")
    checked = (await office.post("/v1/schemes/validate", json={"text": text})).json()
    assert [m["line"] for m in checked["mistakes"]] == [None]
    assert "nobodys" in checked["mistakes"][0]["detail"]


async def test_a_good_one_is_said_to_be_good_and_not_kept(office: httpx.AsyncClient) -> None:
    checked = (await office.post("/v1/schemes/validate", json={"text": EXAMPLE_SCHEME})).json()
    assert checked == {
        "valid": True,
        "id": "our-county",
        "version": 1,
        "zh": "示例办法",
        "mistakes": [],
    }
    assert (await office.get("/v1/schemes/our-county")).status_code == 404


async def test_a_preview_ranks_as_the_run_then_does_and_stores_nothing(
    office: httpx.AsyncClient,
) -> None:
    usual = await begun(office)
    path = f"/v1/runs/{usual['id']}"
    preview = (await office.post(f"{path}/preview", json={"text": EXAMPLE_SCHEME})).json()
    before = (await office.get("/v1/runs")).json()["items"]
    await kept(office, EXAMPLE_SCHEME)
    run = await begun(office, scheme="our-county")

    assert before == [usual]
    assert (await office.get(f"/v1/runs/{run['id']}/ranking")).json() == preview
    assert (await office.post(f"{path}/preview", json={"text": BROKEN})).status_code == 422


async def test_groups_that_a_scheme_does_not_know_are_a_problem(office: httpx.AsyncClient) -> None:
    await kept(office, EXAMPLE_SCHEME.replace("pillars:", "groups: [某组]\npillars:"))
    answer = await office.post("/v1/runs", json={"as_of": DAY, "scheme": "our-county"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/scheme-mistake")


async def test_a_text_that_needs_too_much_is_refused(
    office: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SCHEME_TEXT", Limits(20 * MB, 5, 20))
    monkeypatch.setattr(service, "parse_scheme", hoard_over)
    for path in ("/v1/schemes", "/v1/schemes/validate"):
        answer = await office.post(path, json={"text": BROKEN})
        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/child-killed"
