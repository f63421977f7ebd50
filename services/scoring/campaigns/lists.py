"""Lists of campaigns, in an order."""

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from services.scoring.campaigns.schemas import CampaignRead, build_campaign_read
from services.scoring.campaigns.service import (
    build_current_campaign,
    select_visible_campaigns,
    visible_campaign,
)
from services.scoring.tables import KeptCampaign
from shared.http.list_orders import ListOrder, order_page
from shared.http.pages import Page, Paging, build_page
from shared.http.tokens import Caller


async def list_campaigns(
    session: AsyncSession, who: Caller, paging: Paging, order: ListOrder
) -> Page[CampaignRead]:
    """List campaigns in order of their recording, or the latest first."""
    query, latest_first = select_visible_campaigns(who), order is ListOrder.latest
    rows = await session.exec(order_page(query, paging, col(KeptCampaign.id), falling=latest_first))
    visible = [visible_campaign(build_current_campaign(row), who) for row in rows]
    campaigns = [build_campaign_read(current) for current in visible]
    return Page(**build_page(campaigns, paging, lambda each: each.id))
