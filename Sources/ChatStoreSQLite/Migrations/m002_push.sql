-- Leases on billed channels, for the process that comes after this one.
CREATE TABLE leases (
  user        BLOB NOT NULL,
  device      BLOB NOT NULL,
  channel     TEXT NOT NULL,
  viewing     BLOB NOT NULL,      -- chat ids, sixteen bytes each
  expires_at  INTEGER NOT NULL,   -- milliseconds since 1970
  PRIMARY KEY (user, device, channel)
) STRICT, WITHOUT ROWID;

-- What has been reserved of each day's budget (protocol, Servers 10). Days begin at midnight Pacific time, and are counted from 1970-01-01.
CREATE TABLE spend (
  day      INTEGER PRIMARY KEY,
  reads    INTEGER NOT NULL,
  writes   INTEGER NOT NULL,
  deletes  INTEGER NOT NULL
) STRICT;

-- What was counted on each day.
CREATE TABLE bills (
  day      INTEGER PRIMARY KEY,
  figures  TEXT NOT NULL          -- JSON
) STRICT;
