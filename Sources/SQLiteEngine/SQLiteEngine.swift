// SQLiteEngine: SQLite on threads of its own. One writer that commits in groups, several readers, prepared statements,
// numbered migrations.
// May import: ChatDomain (for `StoreError`), CSQLite, Dispatch, swift-collections.
