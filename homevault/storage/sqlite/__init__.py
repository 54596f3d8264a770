"""The vault's store: one SQLite file, WAL with synchronous=FULL.

Promise: what a committed transaction wrote survives kill -9 and power cuts. One process writes (the agent
holds the folder's lock), any number read meanwhile.
Limits: the file is not encrypted; erased keys are overwritten in the database, yet an older copy may stay in
the write-ahead log until the next checkpoint.
"""
