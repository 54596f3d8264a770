"""Sync sessions (SPEC section 10) over links between devices."""
