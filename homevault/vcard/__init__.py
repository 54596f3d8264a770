"""Conversation profiles as vCards, in and out. Knows the core, no sockets or files."""
