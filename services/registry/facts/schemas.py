"""What is said of facts before they are asked for."""

from datetime import datetime

from pydantic import BaseModel


class Moment(BaseModel):
    """Ask every table at `known_at`, and they belong together for ever."""

    known_at: datetime
    tables: list[str]
