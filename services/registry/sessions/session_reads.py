"""A session as its browser is told it, and one that has just begun."""

from dataclasses import dataclass

from fastapi import Response
from sqlmodel.ext.asyncio.session import AsyncSession

from services.registry.account_tables import Account, Device
from services.registry.accounts import service as accounts
from services.registry.offices import service as offices
from services.registry.sessions.browsers import Browser
from services.registry.sessions.schemas import SessionRead, SignedInAccountRead
from shared.offices import office_code
from shared.reference import region_names


@dataclass(frozen=True)
class BegunSession:
    """A session that has begun: what is answered, its device, the secret for the cookie."""

    read: SessionRead
    device: Device
    secret: str
    lasts_seconds: int

    def keep(self, response: Response, browser: Browser) -> SessionRead:
        """The answer; its cookie goes with the response."""
        browser.keep_cookie(response, self.secret, lasts_seconds=self.lasts_seconds)
        return self.read


async def build_begun_session(
    session: AsyncSession, account: Account, device: Device, secret: str, at: accounts.Liveness
) -> BegunSession:
    read = await build_session_read(session, account, device, at)
    return BegunSession(read, device, secret, int((device.expires_at - at.now).total_seconds()))


async def build_session_read(
    session: AsyncSession, account: Account, device: Device, at: accounts.Liveness
) -> SessionRead:
    found = await build_account_read(session, account, at)
    return SessionRead(
        account=found, device=accounts.build_device_read(device, at, current=device.id)
    )


async def build_account_read(
    session: AsyncSession, account: Account, at: accounts.Liveness
) -> SignedInAccountRead:
    """An account with the names of what its role is for."""
    (counted,) = await accounts.build_account_reads(session, [account], at)
    names = {
        "region_name": name_region(account.region_code),
        "office_name": await offices.load_office_name(session, account.office),
        "unit_name": await name_unit(session, account),
    }
    return SignedInAccountRead.model_validate({**counted.model_dump(), **names})


async def name_unit(session: AsyncSession, of: Account) -> str | None:
    return of.unit_id and await accounts.load_unit_name(session, of.office, of.unit_id)


def name_region(region: str) -> str:
    """The name of a region, blank where the list has none."""
    return region_names().get(office_code(region), "")
