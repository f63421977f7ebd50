"""How accounts sign in, and the names that they do it by; pure."""

import unicodedata

from shared.facts.words import Word
from shared.problems import Problem


class AccountDisabled(Problem):
    """账号已停用

    The account is disabled.
    """

    status = 403


class SignInWayKind(Word):
    """How somebody signs in."""

    password = "password", "密码"
    passkey = "passkey", "通行密钥"
    oidc = "oidc", "统一身份认证"


class EndReason(Word):
    """Why a device is signed in no longer."""

    signed_out = "signed_out", "已退出"
    replaced = "replaced", "在同一浏览器重新登录"
    revoked = "revoked", "已撤销"
    password_changed = "password_changed", "密码已更改"
    account_disabled = "account_disabled", "账号已停用"


def name_key(name: str) -> str:
    """The sign-in name as it is compared: 王芳, full-width and capital letters are one name."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
