"""Reports of a unit that wait, made over the API, and where they stand on the page of review."""

from typing import Any

from playwright.async_api import Locator

from tests.board.browser import Visit
from tests.board.county import County

REPORTS = "/registry/v1/reports"
NINE_BILLION = 9_000_000_000
AS_OF = "2022-12-28"  # of which nothing is reported in the sample
EARLIER = "2022-12-27"


async def put_progress(
    county: County, project: dict[str, Any], role: str = "unit", as_of: str = AS_OF, **said: Any
) -> tuple[int, dict[str, Any]]:
    path = f"/registry/v1/projects/{project['project_id']}/progress/{as_of}"
    async with county.client(role) as client:
        seen = await client.get(path)
        headers = {"if-match": seen.headers["etag"]} if seen.is_success else {}
        answer = await client.put(path, json=said, headers=headers)
        return answer.status_code, answer.json()


async def wait_for_office(
    county: County, project: dict[str, Any], yuan: int = NINE_BILLION, **more: Any
) -> dict[str, Any]:
    """A report of the unit that nobody believes at once."""
    status, report = await put_progress(county, project, invested_ytd_yuan=yuan, **more)
    assert status == 202, report
    return report


async def state_of(county: County, report: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = await county.read(f"{REPORTS}/{report['id']}")
    return found


def item(person: Visit, project: dict[str, Any]) -> Locator:
    return person.page.locator("li.report").filter(has_text=project["name"])
