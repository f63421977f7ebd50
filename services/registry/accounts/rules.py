"""The names that people sign in by, and who is signed in no longer; pure."""

import unicodedata

from shared.problems import Problem, Unauthorized


class AccountDisabled(Problem):
    """账号已停用

    The account is disabled.
    """

    status = 403


class NotSignedIn(Unauthorized):
    """还没有登录，或登录已失效

    Nobody is signed in here, or no longer.
    """


def name_key(name: str) -> str:
    """The sign-in name as it is compared: 王芳, full-width and capital letters are one name."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
