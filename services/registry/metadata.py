"""The schema of the registry, and what every table class of it begins with."""

from sqlmodel import SQLModel

from shared.database.sessions import build_metadata

SCHEMA = "registry"
METADATA = build_metadata(SCHEMA)


class Table(SQLModel):
    metadata = METADATA
