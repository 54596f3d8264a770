"""The vault's agent: configuration, wiring, pairing, the linked device and its command line."""
