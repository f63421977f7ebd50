"""Outcome of a child's work as bytes: what a function returned, or the error that it raised."""

import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.child_processes.errors import Bound, ChildKilled


class UnknownError(Exception):
    """An error that only the child could hold: the name of its class, and what it said."""


@dataclass(frozen=True)
class Raised:
    """An error by its parts, as the constructors of errors differ."""

    kind: type[BaseException]
    arguments: tuple[Any, ...]
    members: dict[str, Any]

    def rebuild(self) -> BaseException:
        error = self.kind.__new__(self.kind)
        error.args = self.arguments
        error.__dict__.update(self.members)
        return error


def pack_outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    """Call a function, and pack what it returns or raises."""
    try:
        return pickle.dumps(function(*arguments))
    except MemoryError:
        raised = ChildKilled(Bound.memory)
        return pack_error(raised)
    except Exception as error:
        error.add_note("".join(traceback.format_exception(error)))
        return pack_error(error)


def pack_error(error: Exception) -> bytes:
    """Pack an error, or what it says where it cannot be sent, or cannot be rebuilt there."""
    try:
        packed = pickle.dumps(Raised(type(error), error.args, dict(error.__dict__)))
        pickle.loads(packed).rebuild()
    except Exception:
        members = {"__notes__": error.__notes__}
        return pickle.dumps(Raised(UnknownError, (type(error).__name__, str(error)), members))
    return packed


def unpack_outcome(content: bytes) -> Any:
    """What the function returned; raises what it raised."""
    found = pickle.loads(content)
    if isinstance(found, Raised):
        raise found.rebuild()
    return found
