"""Limits against floods: by email address and by network. A refused human keeps all answers and learns until when."""

import math
from ipaddress import ip_address, ip_network

from flask import current_app, request
from limits import parse

from .. import clock
from ..extensions import limiter

NETWORK_BITS = {4: 24, 6: 48}


def seconds_to_wait(act: str, email: str | None = None) -> int:
    """Count one more act; 0 when it may go on, else how many seconds until it may.

    `email` is the address that the act names, if it names one. An empty setting is no limit.
    """
    kept = [(current_app.config["APPLY_LIMIT_PER_NETWORK"], network())]
    if email:
        kept.append((current_app.config["APPLY_LIMIT_PER_ADDRESS"], email.casefold()))
    limits = [(parse(text), act, key) for text, key in kept if text]
    full = [each for each in limits if not limiter.limiter.test(*each)]
    if full:
        return max(_seconds(*each) for each in full)
    for each in limits:
        limiter.limiter.hit(*each)
    return 0


def network() -> str:
    """The network that a request comes from: a /24 in IPv4, a /48 in IPv6."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    address = getattr(address, "ipv4_mapped", None) or address  # a server on both protocols names IPv4 peers ::ffff:…
    return str(ip_network(f"{address}/{NETWORK_BITS[address.version]}", strict=False))


def _seconds(*limit) -> int:
    reset = limiter.limiter.get_window_stats(*limit).reset_time
    return max(1, math.ceil(reset - clock.now().timestamp()))
