"""bairi invite: a person invited to an account, over HTTP; the link and its QR code."""

import io
from typing import Annotated

import segno
import typer

from services.cli.console.arguments import TokenOption
from services.cli.console.registry_client import exit_with, open_client, request
from services.cli.console.terminal import ERR, OUT

# By name, not number: at a number no browser has passkeys.
DEFAULT_SERVER = "http://localhost:8000"  # of `bairi up`

PersonArgument = Annotated[str, typer.Argument(metavar="NAME", help="受邀人的姓名")]
RoleOption = Annotated[str, typer.Option("--role", help="角色：office、unit、leader、inspector 等")]
UnitOption = Annotated[
    str | None, typer.Option("--unit", metavar="ID", help="责任单位编号；unit、leader 等须写")
]
RegionOption = Annotated[
    str | None, typer.Option("--region", metavar="CODE", help="辖区，在本辖区之内；不写为本辖区")
]
ServerOption = Annotated[
    str,
    typer.Option("--server", metavar="URL", help="服务的地址，写受邀人访问时的；链接也用这个网址"),
]


def invite(
    name: PersonArgument,
    role: RoleOption,
    token_file: TokenOption,
    unit: UnitOption = None,
    region: RegionOption = None,
    server: ServerOption = DEFAULT_SERVER,
) -> None:
    """邀请一个人登录：印出一次性链接和二维码，七天有效，只能用一次。"""
    form = {"name": name, "role": role, "unit_id": unit, "region_code": region}
    sent = {key: value for key, value in form.items() if value is not None}
    with open_client(server, token_file) as client:
        invited = request(client, "POST", "/v1/invitations", json=sent).json()
    link = invited.get("link")
    if not isinstance(link, str):
        exit_with(f"登记服务的应答里没有链接：{server}")
    ERR.print(f"{name}，{invited['expires_at'][:10]} 到期，只能用一次", highlight=False)
    picture = io.StringIO()
    segno.make(link, error="m", micro=False).terminal(out=picture, border=2, compact=True)
    ERR.print(picture.getvalue(), markup=False, highlight=False, soft_wrap=True)
    OUT.print(link, soft_wrap=True, highlight=False, markup=False)
