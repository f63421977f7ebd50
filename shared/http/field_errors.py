"""Errors of parts of a request, in both languages, as members of a problem."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from shared.problems import Problem

AnyProblem = TypeVar("AnyProblem", bound=Problem)
KeyPath = tuple[str | int, ...]
SHOWN_LENGTH = 60  # characters of what was sent, in an error about it


@dataclass(frozen=True)
class FieldError:
    """An error of a parameter or property; without a path, of the whole that was sent."""

    path: KeyPath
    code: str
    zh: str
    en: str

    def document(self, detail: str) -> dict[str, str]:
        return {"pointer": build_pointer(*self.path), "code": self.code, "detail": detail}


def build_pointer(*keys: str | int) -> str:
    """The JSON Pointer of a path of keys, as a fragment."""
    escaped = (str(key).replace("~", "~0").replace("/", "~1") for key in keys)
    return "#" + "".join(f"/{key}" for key in escaped)


def shorten(sent: str) -> str:
    """What was sent, as far as an error shows it."""
    return sent if len(sent) <= SHOWN_LENGTH else f"{sent[:SHOWN_LENGTH]}…"


def build_field_problem(problem: type[AnyProblem], errors: Iterable[FieldError]) -> AnyProblem:
    """Build the problem of some errors."""
    found = [*errors]
    return problem(
        f"有 {len(found)} 处要改",
        f"{len(found)} field(s) need attention.",
        errors=[error.document(error.zh) for error in found],
        in_english={"errors": [error.document(error.en) for error in found]},
    )
