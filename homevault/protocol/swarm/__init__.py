"""Swarms: conversations as signed Merkle DAGs of events (SPEC section 7)."""
