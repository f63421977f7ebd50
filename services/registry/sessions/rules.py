"""What a sign-in may cost, which passwords are too weak, and why a session holds no more; pure."""

import unicodedata
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from services.registry.account_words import EndReason
from services.registry.accounts.rules import name_key
from shared.problems import Conflict, Problem

TOKEN_LASTS = timedelta(minutes=5)
FRESH_SIGN_IN_LASTS = timedelta(minutes=10)  # the proof of who has no password and no passkey
CHALLENGE_LASTS = timedelta(minutes=5)
PASSWORD_LENGTH = 8  # characters at least
# Wrong passwords that cost nothing: of one name from one address, and of one name from anywhere
# but the addresses that it has signed in from.
FREE_FAILURES, FREE_FAILURES_ANYWHERE = 5, 50
FIRST_LOCK, LONGEST_LOCK = timedelta(seconds=30), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)  # without another failure
COMMON_PASSWORDS = frozenset(
    """
    12345678 123456789 1234567890 87654321 11223344 12341234 123123123 0123456789
    password passw0rd qwertyui qwerty123 1qaz2wsx abcd1234 a1234567 a12345678 1234abcd asdf1234
    iloveyou woaini1314 woaini520 admin123 admin888 admin1234 administrator bairi123
    """.split()  # noqa: SIM905
)


class ForeignOrigin(Problem):
    """请求不是来自本站的网页

    The request does not come from a page of this origin.
    """

    status = 403


class SessionsOff(Problem):
    """这里没有开通登录

    Nobody signs in here.
    """

    status = 501


class SignInRefused(Problem):
    """登录名或密码不对

    The sign-in name or the password is wrong.
    """

    status = 403


class SignInNotFresh(Problem):
    """登录已有一段时间，请重新登录

    The sign-in is not fresh enough for this; sign in anew.
    """

    status = 403


class SignInLocked(Problem):
    """登录失败次数太多，请稍候再试

    Too many sign-ins have failed; wait a while.
    """

    status = 429


class SignInBusy(Problem):
    """正在登录的人太多

    Too many people are signing in.
    """

    status = 503


class TooManySignIns(Problem):
    """从这里开始而没有完成的登录太多

    Too many sign-ins have begun here and are not completed.
    """

    status = 429


class SignInNameTaken(Conflict):
    """登录名已有人用

    The sign-in name is taken.
    """


class PasskeyRefused(Problem):
    """通行密钥没有通过

    The passkey was not accepted.
    """

    status = 403


class OidcUnavailable(Problem):
    """统一身份认证用不了

    The single sign-on is not set up, or does not answer.
    """

    status = 503


class OidcRefused(Problem):
    """统一身份认证没有通过

    The single sign-on did not confirm who it is.
    """

    status = 403


class OidcErrandLost(Problem):
    """登录已超时，或已经用过

    The sign-in took too long, or has been used.
    """

    status = 403


class OidcNobody(Problem):
    """这里没有这个人的账号

    The single sign-on knows a person who has no account here.
    """

    status = 403


class OidcLinked(Conflict):
    """这个身份已连到另一个账号

    The identity is linked to another account.
    """


class PasskeysUnavailable(Conflict):
    """这个网址不能用通行密钥

    There are no passkeys at this address.
    """


def lock_after(failures: int, free: int) -> timedelta:
    """How long a name is locked after so many failures."""
    if failures < free:
        return timedelta(0)
    doublings: int = 2 ** min(failures - free, 10)
    return min(FIRST_LOCK * doublings, LONGEST_LOCK)


def count_failure(failures: int, last_at: datetime, now: datetime) -> int:
    """Failures with one more; those of another day are forgotten."""
    return 1 if now - last_at > FORGOTTEN_AFTER else failures + 1


def address_group(address: str) -> str:
    """The address that failures are counted by: of IPv6 the 64 bits that one line has."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((int(found) >> 64 << 64, 64)))
    return str(found)


def normalize_password(password: str) -> str:
    """The password as it is kept, whichever width its characters were typed in."""
    return unicodedata.normalize("NFKC", password)


def is_weak(password: str, sign_in_name: str) -> bool:
    """Whether a password would be guessed early, whatever it is worth otherwise."""
    plain = normalize_password(password)
    return (
        len(plain) < PASSWORD_LENGTH
        or len(set(plain)) < 3
        or name_key(plain) in COMMON_PASSWORDS
        or name_key(plain) == name_key(sign_in_name)
    )


def explain_end(
    *,
    end_reason: str | None,
    is_disabled: bool,
    expires_at: datetime,
    used_at: datetime,
    idle: timedelta,
    now: datetime,
) -> tuple[str, str] | None:
    """Why a session holds no more, in both languages; None where it does."""
    if end_reason:
        return f"{EndReason(end_reason).label}，请重新登录", f"It has ended: {end_reason}."
    if is_disabled:
        return "账号已停用", "The account is disabled."
    if now >= expires_at:
        return "登录已到期，请重新登录", "The session has expired; sign in again."
    if now - used_at >= idle:
        return (
            f"{idle.days} 天没有使用，请重新登录",
            f"Not used for {idle.days} days; sign in again.",
        )
    return None
