-- Message ids are stored as two integers, so that their order is id order: `ticks` (the 60-bit time of the TimeUUID) and `tail` (its last
-- eight bytes with the top bit flipped, because SQLite's integers are signed).

CREATE TABLE chats (
  no             INTEGER PRIMARY KEY,
  id             BLOB NOT NULL UNIQUE,
  kind           TEXT NOT NULL,
  title          TEXT,
  creator        BLOB NOT NULL,
  creation_key   BLOB,
  created_at     INTEGER NOT NULL,            -- milliseconds since 1970
  member_count   INTEGER NOT NULL,
  answered       INTEGER NOT NULL DEFAULT 0,  -- 1 once somebody but the creator has sent
  head_ticks     INTEGER,                     -- the newest message; NULL: none yet
  head_tail      INTEGER
) STRICT;

CREATE UNIQUE INDEX chats_by_creation_key ON chats (creator, creation_key) WHERE creation_key IS NOT NULL;
CREATE INDEX chats_unanswered ON chats (creator, created_at) WHERE answered = 0;

CREATE TABLE members (
  chat        INTEGER NOT NULL REFERENCES chats (no),
  user        BLOB NOT NULL,
  read_ticks  INTEGER,
  read_tail   INTEGER,
  PRIMARY KEY (chat, user)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_user ON members (user);

CREATE TABLE messages (
  chat    INTEGER NOT NULL REFERENCES chats (no),
  ticks   INTEGER NOT NULL,
  tail    INTEGER NOT NULL,
  sender  BLOB NOT NULL,
  kind    TEXT NOT NULL,
  text    TEXT NOT NULL,
  key     BLOB,
  PRIMARY KEY (chat, ticks, tail)
) STRICT, WITHOUT ROWID;

-- Idempotency keys of the last 30 days.
CREATE TABLE sent_keys (
  chat    INTEGER NOT NULL,
  sender  BLOB NOT NULL,
  key     BLOB NOT NULL,
  ticks   INTEGER NOT NULL,
  tail    INTEGER NOT NULL,
  PRIMARY KEY (chat, sender, key)
) STRICT, WITHOUT ROWID;
