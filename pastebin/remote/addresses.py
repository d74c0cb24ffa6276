"""Which addresses are everybody's, and which are of this machine or its neighbours.

`is_global` of the standard library is not enough: it knows nothing of an address of version 4 inside one of
version 6, and calls site-local addresses and groups global.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# All that hosts of the internet have today (RFC 4291 and its registry), so neither ::/8 nor fec0::/10.
_UNICAST = IPv6Network("2000::/3")
_DOCUMENTATION = IPv6Network("3fff::/20")  # RFC 9637: not every Python knows it

# Where the last 32 bits are an address of version 4: IPv4-compatible (RFC 4291), NAT64 (RFC 6052).
_CARRIERS = (IPv6Network("::/96"), IPv6Network("64:ff9b::/96"))


def may_connect(address: Address, allowed: Sequence[Network]) -> bool:
    """Tell whether to connect to an address: it is public, or in a network that the operator allows."""
    plain = getattr(address, "ipv4_mapped", None) or address
    return is_public(plain) or any(plain in network for network in allowed)


def is_public(address: Address) -> bool:
    """Tell whether an address, and each that it carries, belongs to a host of the internet."""
    if isinstance(address, IPv4Address):
        return address.is_global and not (address.is_multicast or address.is_reserved)
    if address.scope_id is not None:
        return False
    carried = _carried_by(address)
    if carried:
        return all(map(is_public, carried))
    return address in _UNICAST and address not in _DOCUMENTATION and address.is_global


def _carried_by(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """Return the addresses of version 4 in one of version 6: mapped, 6to4, Teredo, or in its last bits."""
    if any(address in network for network in _CARRIERS):
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    one = address.ipv4_mapped or address.sixtofour
    return (one,) if one is not None else address.teredo or ()
