"""The engines that can be chosen, and the address of Spark: names only, no engine is imported."""

from typing import Literal

EngineName = Literal["duckdb", "spark"]
LOCAL_MASTER = "local[*]"  # Spark within one machine, for trying and for tests
