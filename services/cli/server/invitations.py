"""An invitation for the person at the machine: a one-time link, and the file that has it."""

from pathlib import Path
from urllib.parse import urlsplit

import httpx

from services.cli.server.issuer import TokenFile, write_private_file
from shared.http.tokens import Role

LINK_FILE = "invitation"  # in a data folder: of whoever comes first
PERSON = "本机使用者"
INVITATIONS, ACCOUNTS = "/registry/v1/invitations", "/registry/v1/accounts"


async def invite_person(address: str, token: str, name: str = PERSON) -> str:
    """The link of an invitation as the office whose token it is.

    It names this machine `localhost`: browsers have no passkeys for a number.
    """
    headers = {"authorization": f"Bearer {token}", "host": f"localhost:{urlsplit(address).port}"}
    async with httpx.AsyncClient(base_url=address, headers=headers) as client:
        answer = await client.post(INVITATIONS, json={"name": name, "role": "office"})
        return str(answer.raise_for_status().json()["link"])


async def write_first_link(data: Path, address: str, token: TokenFile) -> Path | None:
    """Write a link into the data folder while the office has no account yet; where it is."""
    path = data / LINK_FILE
    if await has_account(address, token):
        path.unlink(missing_ok=True)
        return None
    write_private_file(path, await invite_person(address, token.read()))
    return path


async def has_account(address: str, token: TokenFile) -> bool:
    """Whether somebody may sign in as the office of a token."""
    headers = {"authorization": f"Bearer {token.read()}"}
    async with httpx.AsyncClient(base_url=address, headers=headers) as client:
        after: str | None = ""
        while after is not None:
            answer = await client.get(ACCOUNTS, params={"limit": 200, "after": after})
            page = answer.raise_for_status().json()
            after = page["next"]
            for each in page["items"]:
                is_office = (each["role"], each["office"]) == (Role.office, token.office)
                if is_office and not each["disabled_at"]:
                    return True
    return False
