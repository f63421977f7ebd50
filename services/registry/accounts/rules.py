"""The names that people sign in by, and who is signed in no longer; pure."""

import re
import unicodedata

from shared.problems import Problem, Unauthorized

# What prints nothing: Default_Ignorable_Code_Point of Unicode 16, and the blank of Braille.
IGNORED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Systems and tokens are called so in audit rows: services, the office of an installation, and who
# has a token without a name, after the role.
RESERVED_NAMES = frozenset(
    """
    bairi 百日 system 系统 registry 项目库 scoring 计分 notifier 函件 board
    office 重点项目办 unit 责任单位 leader 联系领导 field 项目专员 approval 审批部门
    inspector 纪检监察 viewer 公开查看
    """.split()  # noqa: SIM905
)
ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK"})  # whose letters look like one another's


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
    """The sign-in name as it is compared: 王芳, full-width and capital letters are one name.

    What prints nothing is left out.
    """
    shown = IGNORED.sub("", unicodedata.normalize("NFKC", name))
    return " ".join(unicodedata.normalize("NFKC", shown.casefold()).split())


def explain_unfit_name(name: str) -> tuple[str, str] | None:
    """Why nobody may choose a sign-in name, in both languages; None where anybody may."""
    key = name_key(name)
    if not key:
        return "登录名里没有看得见的字", "There is nothing to see in the name."
    if key in RESERVED_NAMES:
        return (
            "这个名字留给系统和办公室的令牌，请换一个，例如姓名",
            "The name is kept for systems and tokens; choose another, such as your own.",
        )
    if len(ALPHABETS & {word for char in key for word in unicodedata.name(char, "").split()}) > 1:
        return (
            "拉丁、西里尔、希腊字母长得相像，一个登录名里只用一种",
            "Latin, Cyrillic and Greek letters look alike; use one alphabet in a name.",
        )
    return None
