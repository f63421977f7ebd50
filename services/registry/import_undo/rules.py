"""What may not be undone. Pure."""

from shared.problems import Conflict


class ImportNotApplied(Conflict):
    """这次导入还没有做

    The import has not been applied.
    """


class ImportInUse(Conflict):
    """已有别的记录以这次导入为准，不能撤销

    Other records rest on the import; it cannot be undone.
    """
