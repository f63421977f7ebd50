"""Requests of one service to another over HTTP, and the problems of a service that fails."""

from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import AnyHttpUrl, SecretStr

from shared.logs import REQUEST_ID
from shared.problems import InvalidRequest, Problem


@dataclass(frozen=True)
class RemoteService:
    """Another service: its names, and the problems that its failures become.

    `away` is for no answer (503), `refused` for one that cannot be used (502).
    """

    zh: str
    en: str
    away: type[Problem]
    refused: type[Problem]

    async def check_status(self, response: httpx.Response) -> None:
        """Raise for any status but 200; an error of the request (422) is an InvalidRequest."""
        if response.status_code == httpx.codes.OK:
            return
        await response.aread()
        detail = response_detail(response)
        if response.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            raise InvalidRequest(f"{self.zh}：{detail}", f"{self.en} says: {detail}")
        problem = self.away if response.status_code == self.away.status else self.refused
        raise problem(
            f"{response.url.path} 应答 {response.status_code}：{detail}",
            f"{response.url.path} answered {response.status_code}: {detail}",
        )

    def no_answer(self, error: httpx.TransportError) -> Problem:
        detail = str(error) or type(error).__name__
        return self.away(f"取数据时出错：{detail}", f"While facts were asked for: {detail}")

    def unusable_answer(self, path: str, error: Exception) -> Problem:
        return self.refused(f"{path} 的应答看不懂：{error}", f"{path} answered nonsense: {error}")


# Services are near one another: to compress would cost both more than the bytes do.
UNCOMPRESSED = {"accept-encoding": "identity"}


def build_service_client(
    address: AnyHttpUrl, token: SecretStr, timeout: float
) -> httpx.AsyncClient:
    """A client of another service, with our token; `timeout` is seconds between two parts."""
    bearer = {"authorization": f"Bearer {token.get_secret_value()}"}
    headers = bearer | UNCOMPRESSED
    return httpx.AsyncClient(base_url=str(address), headers=headers, timeout=timeout)


def request_headers(accept: str) -> dict[str, str]:
    """Headers of every request: our request's id, so that the two logs can be read together."""
    return {"accept": accept, **({"x-request-id": i} if (i := REQUEST_ID.get()) else {})}


def response_detail(response: httpx.Response) -> str:
    try:
        body: Any = response.json()
        return str(body.get("detail") or body["title"])
    except (ValueError, KeyError, AttributeError):
        return response.text[:200]
