"""The tables, as migrations that are run in order and never changed once released; `user_version` counts
them.

Ids, keys and addresses are the text of the wire; signed things are kept as the canonical bytes of the wire.
"""

_FIRST = (
    """CREATE TABLE account (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        account TEXT NOT NULL, device TEXT NOT NULL, certificate BLOB NOT NULL, address BLOB NOT NULL,
        origin TEXT NOT NULL, site_key TEXT NOT NULL, time INTEGER NOT NULL) STRICT""",
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE prekeys (
        public TEXT PRIMARY KEY, secret BLOB NOT NULL, one_time INTEGER NOT NULL,
        made INTEGER NOT NULL, replaced INTEGER) STRICT""",
    "CREATE INDEX prekeys_by_age ON prekeys (one_time, made)",
    """CREATE TABLE contacts (
        account TEXT PRIMARY KEY, devices BLOB NOT NULL, number INTEGER NOT NULL,
        first_seen INTEGER NOT NULL, checked INTEGER NOT NULL) STRICT""",
    """CREATE TABLE addresses (
        address TEXT NOT NULL, account TEXT NOT NULL, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
        PRIMARY KEY (address, account)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX addresses_of_account ON addresses (account, last_seen)",
    """CREATE TABLE taken (
        from_device TEXT NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL, until INTEGER NOT NULL,
        PRIMARY KEY (from_device, id)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX taken_by_end ON taken (until)",
    """CREATE TABLE unopened (
        id INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL UNIQUE, address TEXT NOT NULL,
        raw BLOB NOT NULL, since INTEGER NOT NULL) STRICT""",
    "CREATE INDEX unopened_of_address ON unopened (address, id)",
    """CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, device TEXT, kind TEXT NOT NULL,
        swarm TEXT NOT NULL, events TEXT NOT NULL, since INTEGER NOT NULL, due INTEGER NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, letter BLOB, envelope TEXT UNIQUE, raw BLOB) STRICT""",
    """CREATE UNIQUE INDEX outbox_gathering ON outbox (account, kind, swarm)
        WHERE raw IS NULL AND kind IN ('ack', 'missing')""",
    "CREATE INDEX outbox_unsealed ON outbox (due) WHERE raw IS NULL",
    """CREATE TABLE swarms (
        number INTEGER PRIMARY KEY, swarm TEXT NOT NULL UNIQUE, since INTEGER NOT NULL) STRICT""",
    """CREATE TABLE events (
        id TEXT PRIMARY KEY, swarm INTEGER NOT NULL REFERENCES swarms (number), parents TEXT NOT NULL,
        depth INTEGER NOT NULL, author TEXT NOT NULL, device TEXT NOT NULL, seq INTEGER NOT NULL, prev TEXT,
        type TEXT NOT NULL, time INTEGER NOT NULL, frontier TEXT NOT NULL, signed BLOB NOT NULL) STRICT""",
    "CREATE INDEX events_in_order ON events (swarm, depth, id)",
    "CREATE INDEX events_of_device ON events (swarm, device, seq, id)",
    """CREATE TABLE heads (
        swarm INTEGER NOT NULL REFERENCES swarms (number), event TEXT NOT NULL,
        PRIMARY KEY (swarm, event)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE parked (
        swarm INTEGER NOT NULL REFERENCES swarms (number), id TEXT NOT NULL, missing TEXT NOT NULL,
        signed BLOB NOT NULL, PRIMARY KEY (swarm, id)) STRICT""",
    """CREATE TABLE texts (
        id INTEGER PRIMARY KEY, event TEXT NOT NULL UNIQUE, swarm TEXT NOT NULL, author TEXT NOT NULL,
        time INTEGER NOT NULL, text TEXT NOT NULL, folded TEXT NOT NULL) STRICT""",
    """CREATE VIRTUAL TABLE text_index USING fts5 (
        folded, content = 'texts', content_rowid = 'id', tokenize = 'trigram case_sensitive 1')""",
)

_TIPS = ("ALTER TABLE events ADD COLUMN tips BLOB",)

_AMENDMENTS = (
    """CREATE TABLE amendments (
        event TEXT PRIMARY KEY, swarm TEXT NOT NULL, author TEXT NOT NULL, target TEXT NOT NULL)
        STRICT, WITHOUT ROWID""",
    "CREATE INDEX amendments_of_target ON amendments (target)",
    "CREATE INDEX amendments_of_author ON amendments (swarm, author)",
)

_REVOCATIONS = (
    "ALTER TABLE contacts ADD COLUMN revocations BLOB NOT NULL DEFAULT x'5b5d'",
    "ALTER TABLE contacts ADD COLUMN freshness BLOB",
)

_POSTS = (
    """CREATE TABLE posts (
        id TEXT PRIMARY KEY, deleted INTEGER NOT NULL, published INTEGER NOT NULL, post BLOB NOT NULL,
        certificate BLOB NOT NULL) STRICT""",
    "CREATE INDEX posts_by_date ON posts (published)",
    """CREATE TABLE post_parts (
        version TEXT NOT NULL, part INTEGER NOT NULL, parts INTEGER NOT NULL, data TEXT NOT NULL,
        since INTEGER NOT NULL, PRIMARY KEY (version, part)) STRICT""",
    "CREATE INDEX post_parts_by_age ON post_parts (since)",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _TIPS, _AMENDMENTS, _REVOCATIONS, _POSTS)
VERSION = len(MIGRATIONS)
