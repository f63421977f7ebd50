"""The condition of a write: the version that its sender has seen."""

from typing import Annotated

from fastapi import Header

from shared.http.entity_tags import VERSION_PATTERN

IfMatch = Annotated[
    str | None, Header(alias="If-Match", title="所依据的版本", pattern=VERSION_PATTERN)
]
