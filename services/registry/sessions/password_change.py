"""A password changed, or set for the first time: nobody stays in by what was there before."""

from datetime import datetime

from services.registry.account_tables import Device, Passkey
from services.registry.account_words import EndReason, SignInMethodKind
from services.registry.accounts import service as accounts
from services.registry.sessions import failures, passwords
from services.registry.sessions.acceptance import check_password
from services.registry.sessions.browsers import Browser, SignedIn
from services.registry.sessions.proofs import check_proof, hold_proved, move_passkeys
from services.registry.sessions.schemas import PasswordChangeForm
from services.registry.sessions.session_reads import BegunSession
from services.registry.sessions.sign_in import begin
from shared.database.sessions import Sessions


async def change_password(
    sessions: Sessions,
    form: PasswordChangeForm,
    browser: Browser,
    signed_in: SignedIn,
    now: datetime,
) -> BegunSession:
    """Change the password of who is signed in; other devices are signed out with their passkeys.

    Raises SignInRefused, SignInLocked, SignInBusy, PasskeyRefused, SignInNotFresh,
    AccountDisabled, InvalidRequest, NotSignedIn.
    """
    name, before = signed_in.account.sign_in_name, signed_in.device
    check_password(form.new_password, name, "new_password")
    proof = await check_proof(sessions, form, browser, signed_in, now)
    hashed = await passwords.hash_password(form.new_password, browser.address)
    async with sessions.begin() as session:
        account = await hold_proved(session, proof, before, now)
        await failures.forget_failures(session, name, browser.address)
        account.password = hashed
        session.add(account)
        await session.flush()
        why, own = EndReason.password_changed, Device.account_id == account.id
        await accounts.end_devices(session, own, Device.id != before.id, why=why, now=now)
        others = (Passkey.account_id == account.id, Passkey.device_id != before.id)
        await accounts.remove_passkeys(session, *others, now=now)
        method = SignInMethodKind(before.method)
        begun = await begin(
            session, account, method, before.name, browser, now, action="password.changed"
        )
        await move_passkeys(session, before=before, after=begun.device)
        return begun
