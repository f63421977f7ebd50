"""Whom an office may invite, and where an invitation stands; pure."""

from collections.abc import Container
from datetime import datetime, timedelta

from services.registry.account_words import InvitationState
from shared.offices import OFFICE_DIGITS, office_code, region_prefix
from shared.problems import Conflict, NotFound

INVITATION_LASTS = timedelta(days=7)


class InvitationClosed(Conflict):
    """邀请已经用过、撤销或过期

    The invitation has been accepted or revoked, or has expired.
    """


class InvitationUnusable(NotFound):
    """邀请不能用了

    The invitation cannot be used, or no longer.
    """


def decide_state(
    *,
    accepted_at: datetime | None,
    revoked_at: datetime | None,
    expires_at: datetime,
    now: datetime,
) -> InvitationState:
    if accepted_at:
        return InvitationState.accepted
    if revoked_at:
        return InvitationState.revoked
    return InvitationState.open if now < expires_at else InvitationState.expired


def invited_region(asked: str | None, own: str) -> str | None:
    """The region prefix that somebody is invited for; None where it is not within the own one.

    A city's code in full stands for all in it: `350500` is `3505`.
    """
    if asked is None:
        return own
    prefix = region_prefix(asked) if len(asked) == OFFICE_DIGITS else asked
    return prefix if prefix.startswith(own) else None


def may_be_office(region: str, own: str, known: Container[str]) -> bool:
    """Whether a region prefix has an office: the own one, or one that the list of regions has.

    Towns and parts of a code have none.
    """
    office = office_code(region)
    is_known = region_prefix(office) == region and office in known
    return len(region) <= OFFICE_DIGITS and (region == own or is_known)
