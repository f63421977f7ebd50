"""Routes that look only for the query parameters that a request names.

FastAPI looks for each that a route knows, and one that is not there costs as much as one that is:
a list with many filters would spend more on filters that nobody uses than on its statement.
"""

from collections.abc import Callable, Coroutine, Iterator
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
MAX_HANDLERS = 64  # of a route; a request with yet another choice of parameters has all looked for
PLAIN_DEFAULTS = (type(None), bool, int, str)


class NarrowRoute(APIRoute):
    """Route with a handler for each choice of optional query parameters, made when it is asked."""

    def get_route_handler(self) -> Handler:
        whole = super().get_route_handler()
        optional = frozenset(optional_names(self.dependant))
        handlers: dict[frozenset[str], Handler] = {}

        async def answer(request: Request) -> Response:
            named = optional.intersection(request.query_params)
            handle = handlers.get(named)
            if handle is None:
                handle = whole
                if len(handlers) < MAX_HANDLERS:
                    handle = handlers[named] = self.build_handler(optional - named)
            return await handle(request)

        return answer

    def build_handler(self, absent: frozenset[str]) -> Handler:
        narrowed = copy(self)
        narrowed.dependant = leave_out(self.dependant, absent)
        return APIRoute.get_route_handler(narrowed)


def optional_names(dependant: Dependant) -> Iterator[str]:
    """The names of query parameters that may be left out, also of what a function depends on."""
    for field in dependant.query_params:
        if not field.field_info.is_required() and isinstance(field.default, PLAIN_DEFAULTS):
            yield field.alias
    for inner in dependant.dependencies:
        yield from optional_names(inner)


def leave_out(dependant: Dependant, absent: frozenset[str]) -> Dependant:
    """The same without some query parameters, whose defaults are given instead."""
    kept = [field for field in dependant.query_params if field.alias not in absent]
    call = dependant.call
    if call is not None and len(kept) < len(dependant.query_params):
        left = (field for field in dependant.query_params if field.alias in absent)
        call = partial(call, **{field.name: field.default for field in left})
    inner = [leave_out(each, absent) for each in dependant.dependencies]
    return replace(dependant, query_params=kept, call=call, dependencies=inner)
