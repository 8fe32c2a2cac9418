// UserStoreSQLite: users and sessions in SQLite.
// May import: ChatDomain, SQLiteEngine.
