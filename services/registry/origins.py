"""The origin of a request: the page's own address, to which links lead and cookies belong.

Nothing that a browser may be made to send decides it but `Host`; where a gateway changes that, or
ends TLS without saying so, the public address is a setting.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request


@dataclass(frozen=True)
class Origin:
    """Scheme and host of a page, with the path below which this service stands there."""

    scheme: str
    host: str  # with the port, where it is no usual one
    base: str = ""

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}"

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"

    @property
    def hostname(self) -> str:
        return urlsplit(str(self)).hostname or ""

    @property
    def may_have_passkeys(self) -> bool:
        """Whether browsers offer passkeys there: to a name, over https or on this machine."""
        return not is_address(self.hostname) and (self.is_secure or self.hostname == "localhost")


def parse_public_url(url: str) -> Origin:
    """The origin of this service's public address. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError(f"{url} 应如 https://example.gov.cn/registry；an address is expected")
    if parts.query or parts.fragment:
        raise ValueError(f"{url} 不带 ? 和 #；without a query or fragment")
    return Origin(parts.scheme, parts.netloc.lower(), parts.path.rstrip("/"))


def read_origin(request: Request) -> Origin:
    """The origin of this request: the setting's, else by its own scheme and `Host`."""
    public: Origin | None = request.app.state.session_settings.public_origin
    if public is not None:
        return public
    host = request.headers.get("host", "").lower()
    usual = ":443" if request.url.scheme == "https" else ":80"
    base = request.scope.get("root_path", "").rstrip("/")
    return Origin(request.url.scheme, host.removesuffix(usual), base)


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
