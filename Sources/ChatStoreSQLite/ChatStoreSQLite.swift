// ChatStoreSQLite: chats, members, history and read marks in SQLite.
// May import: ChatDomain, SQLiteEngine.
