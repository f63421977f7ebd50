"""Examples of reports: a unit reports less than the month before, and the office decides."""

from typing import Any

import httpx

PLACE = "/registry/v1/projects/P018/progress"
TOO_LITTLE = {"invested_ytd_yuan": 5_000, "why": "九月进度"}
DAYS = ("2022-09-25", "2022-09-26", "2022-09-27", "2022-09-28", "2022-09-29")
RETURN = {"reason": "误按万元填报，请核对后重报"}
OF_REPORTS = frozenset({"报送审核"})  # the tag of what is recorded here
Made = tuple[str, httpx.Response, dict[str, Any]]


async def record_reports(unit: httpx.AsyncClient, office: httpx.AsyncClient) -> list[Made]:
    """The operations with their answers, and what was sent: parameters and body."""
    for day in DAYS:
        answer = await unit.put(f"{PLACE}/{day}", json=TOO_LITTLE)
        assert answer.status_code == 202, answer.text
    path = "/registry/v1/reports"
    listed: dict[str, str | int] = {"state": "waiting", "totals": True, "limit": 2}
    many = {
        "decisions": [
            {"report_id": 4, "decision": "accept"},
            {"report_id": 1, "decision": "return", **RETURN},
        ]
    }
    one = {"report_id": 1}
    return [
        ("list_reports", await office.get(path, params=listed), {"parameters": listed}),
        ("read_report", await office.get(f"{path}/1"), {"parameters": one}),
        (
            "return_report",
            await office.post(f"{path}/1/return", json=RETURN),
            {"parameters": one, "body": RETURN},
        ),
        (
            "accept_report",
            await office.post(f"{path}/2/accept"),
            {"parameters": {"report_id": 2}},
        ),
        (
            "withdraw_report",
            await unit.post(f"{path}/3/withdraw"),
            {"parameters": {"report_id": 3}},
        ),
        ("decide_reports", await office.post(f"{path}/decisions", json=many), {"body": many}),
    ]
