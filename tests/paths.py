"""Folders that tests read: the project's own, and its golden ledgers with their exact answers."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
