"""Who else can read along: one sentence for each protocol."""

from __future__ import annotations

LSL_LOCAL = (
    "LSL announces the stream on this computer only, but has no password and answers on every "
    "network; let a firewall keep others out."
)
LSL_NETWORK = "LSL has no password: every computer in the network can read along."
OSC_NETWORK = "OSC has no password and is not encrypted: others in the network can read along."
WEBSOCKET_NETWORK = (
    "The connection is not encrypted: others in the network can read the address with its token "
    "and then all readings."
)
