"""The vault's websocket to its own site (SPEC 6.3): it dials out, nothing ever dials in.

Promise: no envelope passes before the site proved the pinned key; TLS is verified; plain `ws` is for loopback
only. Limits: one frame is at most 65,536 bytes; a silent peer is noticed after two heartbeats.
"""
