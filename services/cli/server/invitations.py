"""An invitation for the person at the machine: a one-time link, and the file that has it."""

from pathlib import Path
from urllib.parse import urlsplit

import httpx

from services.cli.server.issuer import write_private_file

LINK_FILE = "invitation"  # in a data folder: of whoever comes first
PERSON = "本机使用者"
PATH = "/registry/v1/invitations"


async def invite_person(address: str, token: str, name: str = PERSON) -> str:
    """The link of an invitation as the office whose token it is.

    It names this machine `localhost`: browsers have no passkeys for a number.
    """
    headers = {"authorization": f"Bearer {token}", "host": f"localhost:{urlsplit(address).port}"}
    async with httpx.AsyncClient(base_url=address, headers=headers) as client:
        answer = await client.post(PATH, json={"name": name, "role": "office"})
        return str(answer.raise_for_status().json()["link"])


async def has_account(address: str, token: str) -> bool:
    """Whether the office has an account that is not disabled."""
    headers = {"authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=address, headers=headers) as client:
        answer = await client.get("/registry/v1/accounts", params={"limit": 200})
        accounts = answer.raise_for_status().json()["items"]
    return any(each["role"] == "office" and not each["disabled_at"] for each in accounts)


async def write_first_link(data: Path, address: str, token: str) -> Path | None:
    """Write a link into the data folder while the office has no account yet; where it is."""
    path = data / LINK_FILE
    if await has_account(address, token):
        path.unlink(missing_ok=True)
        return None
    write_private_file(path, await invite_person(address, token))
    return path
