"""How one service asks another over HTTP, and what is said when the other does not help."""

from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import AnyHttpUrl, SecretStr

from shared.logs import REQUEST_ID
from shared.problems import InvalidRequest, Problem


@dataclass(frozen=True)
class RemoteService:
    """A service that is asked: what it is called, and the problems that it may be.

    `away` is for no answer (503), `refused` for one that cannot be used (502).
    """

    zh: str
    en: str
    away: type[Problem]
    refused: type[Problem]

    async def refuse(self, answer: httpx.Response) -> None:
        """Raise for any status but 200; what the other finds wrong with the question is a 422."""
        if answer.status_code == httpx.codes.OK:
            return
        await answer.aread()
        said = response_detail(answer)
        if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            raise InvalidRequest(f"{self.zh}：{said}", f"{self.en} says: {said}")
        problem = self.away if answer.status_code == self.away.status else self.refused
        raise problem(
            f"{answer.url.path} 应答 {answer.status_code}：{said}",
            f"{answer.url.path} answered {answer.status_code}: {said}",
        )

    def silent(self, error: httpx.TransportError) -> Problem:
        said = str(error) or type(error).__name__
        return self.away(f"取数据时出错：{said}", f"While facts were asked for: {said}")

    def not_understood(self, path: str, error: Exception) -> Problem:
        return self.refused(f"{path} 的应答看不懂：{error}", f"{path} answered nonsense: {error}")


def build_service_client(
    address: AnyHttpUrl, token: SecretStr, timeout: float
) -> httpx.AsyncClient:
    """A client of another service, at its address, with our token; seconds between two parts."""
    bearer = {"authorization": f"Bearer {token.get_secret_value()}"}
    return httpx.AsyncClient(base_url=str(address), headers=bearer, timeout=timeout)


def request_headers(accept: str) -> dict[str, str]:
    """What every question carries: our request's id, so that the two logs can be read together."""
    return {"accept": accept, **({"x-request-id": i} if (i := REQUEST_ID.get()) else {})}


def response_detail(answer: httpx.Response) -> str:
    try:
        body: Any = answer.json()
        return str(body.get("detail") or body["title"])
    except (ValueError, KeyError, AttributeError):
        return answer.text[:200]
