"""Bringing two replicas of a swarm together (SPEC section 10): `session` over any ordered link, `recent`
history vouched for by the own vault, and which events a letter carries (`lacking`)."""
