"""Examples of signing in: recorded in the order of a person's first day, without their secrets."""

import json
from typing import Any

import httpx
from fastapi import FastAPI

from tests.openapi.moments import shortened
from tests.registry.sessions.authenticator import Authenticator
from tests.registry.sessions.oidc.provider import ISSUER

Example = dict[str, Any]
HOST = "localhost"
ORIGIN = f"http://{HOST}"
SESSION = "/registry/v1/session"
PASSWORD, NEW_PASSWORD = "岚县的项目2022", "岚县的项目2023"
# Instead of what is another each time, and nobody's to keep.
CODE = "an-invitation-has-43-letters-and-is-secret-"
CHALLENGE = "Y2hhbGxlbmdlLWNoYWxsZW5nZS1jaGFsbGVuZ2UtMTI"
CREDENTIAL = json.dumps({"id": "…", "rawId": "…", "type": "public-key", "response": {}})
SHOWN_SECRETS = {
    "code": CODE,
    "link": f"{ORIGIN}/#/invitation/{CODE}",
    "qr": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "token": "eyJ….eyJ….…",
    "challenge": CHALLENGE,
    "credential": CREDENTIAL,
}
RECORDED_APART = frozenset({"账号", "登录"})  # the tags of what is recorded here


class Visitor:
    """A browser at the office, and the examples of what it did."""

    def __init__(self, app: FastAPI, office: httpx.AsyncClient) -> None:
        self.office = office
        self.examples: list[tuple[str, Example]] = []
        transport = httpx.ASGITransport(app)
        headers = {"origin": ORIGIN, "x-request-id": "example"}
        self.http = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)

    async def do(
        self, name: str, path: str, body: Any = None, *, method: str = "POST", **places: int
    ) -> Any:
        """Do something as the person, and keep it as an example."""
        client = self.http if path.startswith(SESSION) else self.office
        answer = await client.request(method, path, json=body)
        assert answer.is_success, (name, answer.text)
        example: Example = {
            "answers": {str(answer.status_code): without_secrets(shortened(answer.json()))}
        }
        if body is not None:
            example["body"] = without_secrets(body)
        if places:
            example["parameters"] = places
        self.examples.append((name, example))
        return answer.json()


def without_secrets(node: Any) -> Any:
    if isinstance(node, str) and node.startswith(ISSUER):
        return f"{ISSUER}/authorize?response_type=code&client_id=bairi&state=…"
    if isinstance(node, list):
        return [without_secrets(each) for each in node]
    if isinstance(node, dict):
        shown = {**node, **{key: text for key, text in SHOWN_SECRETS.items() if node.get(key)}}
        if isinstance(node.get("user"), dict):
            shown["user"] = {**node["user"], "id": "aGFuZGxlLWhhbmRsZS1oYW5kbGUtaGFuZGxlLTEyMzQ"}
        return {
            key: value if key in SHOWN_SECRETS else without_secrets(value)
            for key, value in shown.items()
        }
    return node


async def record_sessions(app: FastAPI, office: httpx.AsyncClient) -> list[tuple[str, Example]]:
    """The examples of all that has to do with people and their sessions."""
    visitor, authenticator = Visitor(app, office), Authenticator()
    invite = {"name": "王芳", "role": "unit", "unit_id": "U06"}
    code = (await visitor.do("issue_invitation", "/registry/v1/invitations", invite))["code"]
    await visitor.do("list_sign_in_methods", f"{SESSION}/sign-in-methods", method="GET")
    await visitor.do("read_invitation", f"{SESSION}/invitation", {"code": code})
    accepted = {"code": code, "sign_in_name": "王芳", "password": PASSWORD, "device": "办公室电脑"}
    await visitor.do("accept_invitation", f"{SESSION}/accept", accepted)
    asked = await visitor.do("issue_passkey_registration", f"{SESSION}/passkey-registration", {})
    made = {"credential": authenticator.make(asked["options"], ORIGIN), "password": PASSWORD}
    await visitor.do("record_passkey", f"{SESSION}/passkeys", made)
    await visitor.do("read_session", SESSION, method="GET")
    await visitor.do("list_session_devices", f"{SESSION}/devices", method="GET")
    await visitor.do("list_passkeys", f"{SESSION}/passkeys", method="GET")
    await visitor.do("issue_session_token", f"{SESSION}/token")
    await visitor.do("begin_oidc_session", f"{SESSION}/oidc", {})
    await visitor.do("end_session", f"{SESSION}/end")
    name = {"sign_in_name": "王芳", "password": PASSWORD, "device": "办公室电脑"}
    await visitor.do("begin_password_session", f"{SESSION}/password", name)
    asked = await visitor.do("issue_passkey_options", f"{SESSION}/passkey-options")
    used = {"credential": authenticator.use(asked["options"], ORIGIN), "device": "手机"}
    await visitor.do("begin_passkey_session", f"{SESSION}/passkey", used)
    change = {"password": PASSWORD, "new_password": NEW_PASSWORD}
    await visitor.do("change_password", f"{SESSION}/password-change", change)
    path = f"{SESSION}/devices/1/revoke"
    await visitor.do("revoke_session_device", path, device_id=1)
    await visitor.do("remove_passkey", f"{SESSION}/passkeys/1/remove", passkey_id=1)
    await record_office_views(visitor)
    await visitor.http.aclose()
    return visitor.examples


async def record_office_views(visitor: Visitor) -> None:
    """What the office sees of it, and does."""
    accounts = "/registry/v1/accounts"
    await visitor.do("list_accounts", accounts, method="GET")
    await visitor.do("read_account", f"{accounts}/1", method="GET", account_id=1)
    await visitor.do("list_account_devices", f"{accounts}/1/devices", method="GET", account_id=1)
    path = f"{accounts}/1/devices/3/revoke"
    await visitor.do("revoke_account_device", path, account_id=1, device_id=3)
    for step in ("disable", "enable"):
        await visitor.do(f"{step}_account", f"{accounts}/1/{step}", account_id=1)
    await visitor.office.post("/registry/v1/invitations", json={"name": "李强", "role": "viewer"})
    await visitor.do("list_invitations", "/registry/v1/invitations", method="GET")
    path = "/registry/v1/invitations/2/revoke"
    await visitor.do("revoke_invitation", path, invitation_id=2)
