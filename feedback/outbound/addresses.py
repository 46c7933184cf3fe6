"""Which addresses Heard may call: public ones, and those that the operator allows."""

import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
# A last label like these makes a resolver read the whole name as an address: 127.1, 0x7f000001, 017700000001.
NUMERIC = re.compile(r"\d+|0x[0-9a-f]*")
GLOBAL_UNICAST_V6 = ipaddress.ip_network("2000::/3")
# Within the ranges that count as global, but leading elsewhere: protocol assignments and 6to4, which wraps an IPv4
# address (RFC 6890, RFC 7526).
WRAPPED = [ipaddress.ip_network(text) for text in ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16")]


class AddressRefusedError(ValueError):
    """An address that must not be called. The text says why and what to do."""


@dataclass(frozen=True)
class Target:
    """A checked address: what to ask for, and the only machines that may be connected to for it."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]


def target_of(url: str, *, allow: Sequence[str]) -> Target:
    """Take an address apart, resolve its name and check every machine behind it.

    Args:
        url: What is to be called.
        allow: Host names, addresses and networks such as `10.1.0.0/16` that may be called although they are not
            public; only these may be called without TLS.

    Raises:
        AddressRefusedError: the address is malformed, its name does not resolve, or it leads to a place that is
            neither public nor allowed.
    """
    scheme, host, port, path = _parts(url)
    found = _resolved(host, port)
    networks = [network for network in map(_network, allow) if network is not None]
    named = host in {entry.lower().rstrip(".") for entry in allow}
    allowed = [named or any(address in network for network in networks) for address in found]
    for address, permitted in zip(found, allowed, strict=True):
        if not permitted and not is_public(address):
            raise AddressRefusedError(
                f"{host} leads to {address}, which is not a public address. To call it all the same, an operator adds "
                f"the host or its network to HEARD_WEBHOOK_ALLOW."
            )
    if scheme == "http" and not all(allowed):
        raise AddressRefusedError(f"{host} must be called over https, unless it is in HEARD_WEBHOOK_ALLOW.")
    return Target(scheme, host, port, path, tuple(str(address) for address in found))


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet: not private, loopback, link-local, reserved or multicast."""
    if isinstance(address, ipaddress.IPv6Address) and address not in GLOBAL_UNICAST_V6:
        return False
    return address.is_global and not address.is_multicast and not any(address in network for network in WRAPPED)


def _parts(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path of an address that is written plainly."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise AddressRefusedError("Write the address in plain ASCII, without spaces (a foreign name as xn--…).")
    try:
        split = urlsplit(url)
        port = split.port
    except ValueError as error:
        raise AddressRefusedError(f"This is not an address: {error}.") from None
    if split.scheme not in PORTS:
        raise AddressRefusedError("The address must begin with https://.")
    if "@" in split.netloc:
        raise AddressRefusedError("The address must not hold a user name or a password.")
    host = (split.hostname or "").rstrip(".")
    _refuse_odd_host(host)
    path = (split.path or "/") + (f"?{split.query}" if split.query else "")
    return split.scheme, host, PORTS[split.scheme] if port is None else port, path


def _refuse_odd_host(host: str) -> None:
    if _address(host) is not None and "%" not in host:
        return
    if not HOST.fullmatch(host):
        raise AddressRefusedError("The address needs a host name, such as hooks.example.com.")
    if NUMERIC.fullmatch(host.rpartition(".")[2]):
        raise AddressRefusedError(f"{host} is a number in disguise; write an IP address in its usual form.")


def _resolved(host: str, port: int) -> list[Address]:
    """Every machine behind a name; an IPv4 address wrapped in IPv6 is answered as what it is."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefusedError(f"The name {host} does not resolve.") from None
    found: list[Address] = []
    for *_, place in rows:
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if address not in found:
            found.append(address)
    return found


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
