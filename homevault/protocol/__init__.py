"""The Porchlight protocol: pure functions and sans-io state machines, as SPEC.md has them.

Sockets, clocks, randomness and storage come in through `ports`; nothing here waits, opens or logs.
"""
