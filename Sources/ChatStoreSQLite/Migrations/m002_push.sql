-- Leases on billed channels, for the process that comes after this one.
CREATE TABLE leases (
  user        BLOB NOT NULL,
  device      BLOB NOT NULL,
  channel     TEXT NOT NULL,
  viewing     BLOB NOT NULL,      -- chat ids, sixteen bytes each
  expires_at  INTEGER NOT NULL,   -- milliseconds since 1970
  PRIMARY KEY (user, device, channel)
) STRICT, WITHOUT ROWID;

-- What each day's writes may cost and have cost, in units of the price book.
CREATE TABLE spend (
  day       TEXT PRIMARY KEY,     -- of Firestore's quota: midnight Pacific time
  reserved  INTEGER NOT NULL,
  figures   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
