"""Routes of accounts: who has one, on which devices; an office disables and signs out."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from services.registry.accounts import service
from services.registry.accounts.office import OfficeParam, refuse_own
from services.registry.accounts.schemas import AccountRead, DeviceRead, Id
from shared import clock
from shared.database.sessions import Session
from shared.http.auth import require_roles
from shared.http.pages import Page, PagingParams, build_page
from shared.http.service_route import ServiceRoute
from shared.http.tokens import REGION_WIDE, Caller
from shared.problems import NotFound, raises


async def get_liveness(request: Request) -> service.Liveness:
    return service.Liveness(clock.now(), request.app.state.session_settings.idle)


# To disable and to revoke twice is to do it once: no key is needed.
router = APIRouter(prefix="/v1/accounts", tags=["账号"], route_class=ServiceRoute)
AccountReaders = Annotated[Caller, require_roles(*REGION_WIDE)]
LivenessParam = Annotated[service.Liveness, Depends(get_liveness)]


@router.get("", response_model=Page[AccountRead], operation_id="list_accounts", summary="列出账号")
async def list_accounts(
    session: Session, who: AccountReaders, paging: PagingParams, at: LivenessParam
) -> Any:
    found = await service.list_accounts(session, who, paging, at)
    return build_page(found, paging, lambda each: each.id)


@router.get("/{account_id}", operation_id="read_account", summary="读取一个账号")
@raises(NotFound)
async def read_account(
    account_id: Id, session: Session, who: AccountReaders, at: LivenessParam
) -> AccountRead:
    return await service.read_account(session, account_id, who, at)


@router.post("/{account_id}/disable", operation_id="disable_account", summary="停用账号")
@raises(NotFound)
async def disable_account(
    account_id: Id, session: Session, who: OfficeParam, at: LivenessParam
) -> AccountRead:
    """Sign it out everywhere; it signs in no more until it is enabled."""
    return await service.set_disabled(session, account_id, is_disabled=True, who=who, at=at)


@router.post("/{account_id}/enable", operation_id="enable_account", summary="启用账号")
@raises(NotFound)
async def enable_account(
    account_id: Id, session: Session, who: OfficeParam, at: LivenessParam
) -> AccountRead:
    """Enable an account that was disabled; it has to sign in anew."""
    await refuse_own(session, account_id, who)
    return await service.set_disabled(session, account_id, is_disabled=False, who=who, at=at)


@router.get(
    "/{account_id}/devices", operation_id="list_account_devices", summary="列出账号登录的设备"
)
@raises(NotFound)
async def list_account_devices(
    account_id: Id, session: Session, who: AccountReaders, at: LivenessParam
) -> list[DeviceRead]:
    await service.find_account(session, account_id, who)
    return await service.list_devices(session, account_id, at)


@router.post(
    "/{account_id}/devices/{device_id}/revoke",
    operation_id="revoke_account_device",
    summary="撤销账号的一台设备",
)
@raises(NotFound)
async def revoke_account_device(
    account_id: Id, device_id: Id, session: Session, who: OfficeParam, at: LivenessParam
) -> DeviceRead:
    """Sign it out, and remove the passkeys that were used on it."""
    account = await service.find_account(session, account_id, who)
    return await service.revoke_device(session, account, device_id, who=who, at=at)
