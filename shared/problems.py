"""Problems as classes: the name is the code, the docstring holds the titles, then the detail.

The first line of the docstring is the title in Chinese, its last in English; codes never change.
A problem that reaches HTTP becomes `application/problem+json` (RFC 9457).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar


class Problem(Exception):
    """出错了

    Something failed.
    """

    status: ClassVar[int] = 500

    def __init__(
        self,
        detail: str,
        en: str = "",
        *,
        in_english: Mapping[str, Any] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.en = en
        self.extra = extra
        self.in_english = in_english or {}

    @classmethod
    def code(cls) -> str:
        """The class's name in kebab case: `FormulaMistake` → `formula-mistake`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def title(cls, *, english: bool = False) -> str:
        lines = (cls.__doc__ or cls.__name__).strip().splitlines()
        return lines[-1].strip() if english else lines[0]

    def __str__(self) -> str:
        return f"{self.title()}：{self.detail}"

    def body(self, instance: str, *, english: bool = False) -> dict[str, Any]:
        """The problem document: the standard members, then those of `extra`.

        Those that hold texts have a second form `in_english`.
        """
        return {
            "type": f"/problems/{self.code()}",
            "title": self.title(english=english),
            "status": self.status,
            "detail": (self.en or self.detail) if english else self.detail,
            "instance": instance,
            "errors": [],
            **self.extra,
            **(self.in_english if english else {}),
        }


AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


def raises(*problems: type[Problem]) -> Callable[[AnyFunction], AnyFunction]:
    """Declare the problems of an endpoint, or of a dependency, for the OpenAPI documents."""

    def mark(function: AnyFunction) -> AnyFunction:
        function.__dict__["raises"] = (*declared_problems(function), *problems)
        return function

    return mark


def declared_problems(function: Callable[..., Any] | None) -> tuple[type[Problem], ...]:
    found: tuple[type[Problem], ...] = getattr(function, "raises", ())
    return found


class InvalidRequest(Problem):
    """请求不合格式

    The request does not fit the schema.
    """

    status = 422


class BadRequest(InvalidRequest):
    """请求内容读不出来

    The request's body cannot be read.
    """

    status = 400


class Unauthorized(Problem):
    """不知道是谁在请求

    The caller is unknown.
    """

    status = 401


class Forbidden(Problem):
    """没有这个权限

    The caller may not do this.
    """

    status = 403


class NotFound(Problem):
    """没有找到

    There is no such thing, or not for this caller.
    """

    status = 404


class MethodNotAllowed(Problem):
    """这个地址不支持这种方法

    The address does not know this method.
    """

    status = 405


class Conflict(Problem):
    """与已有记录冲突

    The request contradicts what is already recorded.
    """

    status = 409


class Stale(Problem):
    """记录已被别人改过

    The record has changed since it was read.
    """

    status = 412


class NotReady(Problem):
    """还没有准备好

    The service is not ready.
    """

    status = 503
