"""Errors of parts of a request, in both languages, as members of a problem."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from shared.problems import Problem

AnyProblem = TypeVar("AnyProblem", bound=Problem)
KeyPath = tuple[str | int, ...]
MAX_ERRORS = 100  # that are told; the problem says how many there are
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


def count_errors(number: int) -> tuple[str, str]:
    """Say how many errors there are, and that not all are told."""
    zh, en = f"有 {number} 处要改", f"{number} field(s) need attention."
    if number > MAX_ERRORS:
        return f"{zh}，这里列出前 {MAX_ERRORS} 处", f"{en} The first {MAX_ERRORS} are told."
    return zh, en


def build_field_problem(problem: type[AnyProblem], errors: Iterable[FieldError]) -> AnyProblem:
    """Build the problem of some errors."""
    found = [*errors]
    counted = count_errors(len(found))
    found = found[:MAX_ERRORS]
    return problem(
        *counted,
        errors=[error.document(error.zh) for error in found],
        in_english={"errors": [error.document(error.en) for error in found]},
    )
