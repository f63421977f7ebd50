"""People who sign in: by password or passkey."""

from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_tables import Account
from services.registry.account_words import SignInMethodKind
from services.registry.accounts import service as accounts
from services.registry.accounts.rules import AccountDisabled, name_key
from services.registry.sessions import devices, failures, passkeys, passwords
from services.registry.sessions.browsers import Browser
from services.registry.sessions.rules import SignInRefused
from services.registry.sessions.schemas import PasskeyForm, PasswordForm
from services.registry.sessions.session_reads import BegunSession, build_begun_session
from shared.database.sessions import Sessions


async def sign_in_with_password(
    sessions: Sessions, form: PasswordForm, browser: Browser, now: datetime
) -> BegunSession:
    """Sign in by name and password.

    Raises SignInRefused, SignInLocked, SignInBusy, AccountDisabled; a failure stays counted.
    """
    checked = await check_password_of(sessions, form.sign_in_name, form.password, browser, now)
    async with sessions.begin() as session:
        account = await session.get_one(Account, checked.id, with_for_update=True)
        refuse_disabled(account)
        refuse_changed(account, checked)
        await failures.forget_failures(session, form.sign_in_name, browser.address)
        return await begin(session, account, SignInMethodKind.password, form.device, browser, now)


async def check_password_of(
    sessions: Sessions, sign_in_name: str, password: str, browser: Browser, now: datetime
) -> Account:
    """The account whose password it is, as it was. Raises SignInRefused, SignInLocked, SignInBusy.

    No connection is held while the password is hashed.
    """
    with passwords.TURNS.queue(browser.address):  # who finds no place has not failed
        async with sessions.begin() as session:
            query = select(Account).where(Account.sign_in_key == name_key(sign_in_name))
            account = (await session.exec(query)).one_or_none()
            await failures.charge_failure(session, sign_in_name, account, browser.address, now)
        is_right = await passwords.is_password(password, account.password if account else None)
    if account is None or not is_right:
        if account is not None:
            async with sessions.begin() as session:
                await audit_refusal(session, account, SignInMethodKind.password, browser, now)
        raise wrong_password()
    return account


def wrong_password() -> SignInRefused:
    return SignInRefused("请核对后再试", "Check both and try again.")


def refuse_changed(account: Account, checked: Account) -> None:
    """Raise SignInRefused where the password is another than the one that was checked."""
    if account.password != checked.password:
        raise wrong_password()


async def audit_refusal(
    session: AsyncSession,
    account: Account,
    method: SignInMethodKind,
    browser: Browser,
    now: datetime,
) -> None:
    who = accounts.build_account_caller(account, browser.address)
    subject, after = f"accounts/{account.id}", {"method": method}
    await accounts.audit(session, "session.refused", subject, who, account, now, after=after)


async def sign_in_with_passkey(
    sessions: Sessions, form: PasskeyForm, browser: Browser, now: datetime
) -> BegunSession:
    """Sign in by a passkey. Raises PasskeyRefused, AccountDisabled."""
    used = await passkeys.verify_sign_in(sessions, form.credential, browser, now)
    async with sessions.begin() as session:
        account = await session.get_one(Account, used.account_id, with_for_update=True)
        refuse_disabled(account)
        return await begin(
            session, account, SignInMethodKind.passkey, form.device, browser, now, passkey=used
        )


def refuse_disabled(account: Account) -> None:
    if account.disabled_at:
        raise AccountDisabled("请与办公室联系", "Ask the office.")


async def begin(
    session: AsyncSession,
    account: Account,
    method: SignInMethodKind,
    name: str,
    browser: Browser,
    now: datetime,
    *,
    passkey: passkeys.UsedPasskey | None = None,
    action: str = "",
) -> BegunSession:
    """Begin a session of an account; its audit rows are written last."""
    device, secret = await devices.begin_session(
        session,
        account,
        method=method,
        name=name,
        address=browser.address,
        replaced=browser.secret,
        lasts=browser.settings.lasts,
        now=now,
    )
    if passkey is not None:
        await passkeys.note_use(session, passkey, device, now)
    at = browser.liveness(now)
    begun = await build_begun_session(session, account, device, secret, at)
    if action:
        who = accounts.build_account_caller(account, browser.address)
        await accounts.audit(session, action, f"accounts/{account.id}", who, account, now)
    await devices.audit_beginning(session, account, device, now)
    return begun
