"""The names that people sign in by; pure."""

import unicodedata

from shared.problems import Problem


class AccountDisabled(Problem):
    """账号已停用

    The account is disabled.
    """

    status = 403


def name_key(name: str) -> str:
    """The sign-in name as it is compared: 王芳, full-width and capital letters are one name."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
