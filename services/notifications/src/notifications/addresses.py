"""Where a webhook may go: by https to public addresses, so that nobody reaches into the own network through it."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from events.decider import Rejected

TRANSLATED = IPv6Network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the public internet, also the one that it carries inside. Raises ValueError."""
    address = ip_address(text.partition("%")[0])
    return _is_public(address) and all(_is_public(inner) for inner in _carried(address))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast


def _carried(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    if isinstance(address, IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in TRANSLATED:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [inner for inner in found if inner is not None]


def check_url(url: str, *, allow_private: bool) -> None:
    """Raises Rejected unless `url` may be called. Names are looked up again, and checked, at every call."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise _refused("webhook-url-invalid", "the URL cannot be read") from None
    if not host or parts.scheme not in ("http", "https") or parts.username is not None or parts.fragment:
        raise _refused("webhook-url-invalid", "the URL names scheme and host, no user and no fragment")
    if allow_private:
        return
    if parts.scheme != "https":
        raise _refused("webhook-url-not-https", "events are sent over https only")
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")) or _literal_is_private(host):
        raise _refused("webhook-address-private", "events are sent to public addresses only")


def _literal_is_private(host: str) -> bool:
    try:
        return not is_public(host)
    except ValueError:
        return False


def _refused(code: str, detail: str) -> Rejected:
    return Rejected(code, detail, field="url", source="Standard Webhooks", status=422)
