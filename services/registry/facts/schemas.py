"""Response model of the moment at which facts are settled."""

from datetime import datetime

from pydantic import BaseModel, Field


class SettledMoment(BaseModel):
    """Ask every table at `known_at`, and they belong together for ever."""

    known_at: datetime = Field(title="已知于")
    tables: list[str] = Field(title="各表")
    offices: list[str] = Field(title="有数据的办公室")
