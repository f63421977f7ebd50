"""Client of scoring, the only one in the notifier: red progress lights of month ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import httpx
from fastapi import Depends, Request

from services.notifier.rules.ladder import PROGRESS
from shared.http.service_client import RemoteService, request_headers
from shared.problems import Problem, raises


class ScoringAway(Problem):
    """计分服务没有应答

    Scoring does not answer.
    """

    status = 503


class ScoringRefused(Problem):
    """计分服务的应答用不了

    Scoring's answer cannot be used.
    """

    status = 502


SCORING_SERVICE = RemoteService("计分服务", "Scoring", ScoringAway, ScoringRefused)


@dataclass(frozen=True)
class RedLight:
    """A red progress light: shares of the year's plan, and the lead in percentage points."""

    completion: Decimal | None
    time_progress: Decimal | None
    lead: Decimal | None


RedLights = Mapping[str, Mapping[date, RedLight]]  # project → month end → light


@dataclass(frozen=True)
class ScoringClient:
    """Client of scoring; `http` has its address and our token."""

    http: httpx.AsyncClient

    async def load_red_lights(
        self, month_ends: Iterable[date], known_at: datetime, office: str, scheme: str
    ) -> RedLights:
        """Load the red progress lights of month ends over the facts of an office at a moment.

        Raises ScoringAway, ScoringRefused, or InvalidRequest where scoring rejects the request.
        """
        query = {
            "as_of": [end.isoformat() for end in month_ends],
            "known_at": known_at.isoformat(),
            "office": office,
            "scheme": scheme,
            "axis": PROGRESS,
            "colour": "red",
        }
        try:
            answer = await self.http.get(
                "/v1/lights", params=query, headers=request_headers("application/json")
            )
        except httpx.TransportError as error:
            raise SCORING_SERVICE.no_answer(error) from error
        await SCORING_SERVICE.check_status(answer)
        try:
            return parse_red_lights(answer.json()["items"])
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise SCORING_SERVICE.unusable_answer("/v1/lights", error) from error


def parse_red_lights(items: list[dict[str, Any]]) -> RedLights:
    lights: dict[str, dict[date, RedLight]] = {}
    for item in items:
        light = RedLight(
            parse_figure(item["completion"]),
            parse_figure(item["time_progress"]),
            parse_figure(item["lead"]),
        )
        lights.setdefault(item["project_id"], {})[date.fromisoformat(item["as_of"])] = light
    return lights


def parse_figure(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@raises(ScoringRefused, ScoringAway)
def build_scoring_client(request: Request) -> ScoringClient:
    return ScoringClient(request.app.state.scoring)


ScoringParam = Annotated[ScoringClient, Depends(build_scoring_client)]
