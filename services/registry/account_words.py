"""Words of people's accounts: how they sign in, why they are signed in no longer. Pure."""

from shared.facts.words import OpenWord, Word


class SignInMethodKind(OpenWord):
    """How somebody signs in."""

    password = "password", "密码"
    passkey = "passkey", "通行密钥"
    oidc = "oidc", "统一身份认证"


class EndReason(OpenWord):
    """Why a device is signed in no longer."""

    signed_out = "signed_out", "已退出"
    replaced = "replaced", "在同一浏览器重新登录"
    revoked = "revoked", "已撤销"
    password_changed = "password_changed", "密码已更改"
    invited_again = "invited_again", "已接受新的邀请"
    account_disabled = "account_disabled", "账号已停用"


class InvitationState(Word):
    """Where an invitation stands."""

    open = "open", "待接受"
    accepted = "accepted", "已接受"
    revoked = "revoked", "已撤销"
    expired = "expired", "已过期"
