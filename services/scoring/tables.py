"""Everything scoring stores, in the `scoring` schema. Rows are added, none is ever changed."""

from sqlmodel import SQLModel

from shared.db import metadata


class Table(SQLModel):
    metadata = metadata("scoring")
