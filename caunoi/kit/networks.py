"""Which addresses lie outside: pure."""

import ipaddress


def is_public(number: str) -> bool:
    """True when the IP address can be reached from everywhere; False for any other, and for what is no number."""
    try:
        found = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_global and not found.is_multicast


def is_number(host: str) -> bool:
    """True when the host is an IP address and no name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
