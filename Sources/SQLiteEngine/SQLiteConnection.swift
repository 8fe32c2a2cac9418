import CSQLite

/// One connection, used by one thread at a time. Got within a `read` or `write` closure of `SQLiteDatabase`, and not to leave it.
public final class SQLiteConnection {
  private let handle: OpaquePointer
  private var statements: [UnsafePointer<UInt8>: SQLiteStatement] = [:]

  init(path: String, readOnly: Bool) throws {
    var opened: OpaquePointer?
    let access = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    let code = sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let opened else {
      defer { sqlite3_close_v2(opened) }
      throw SQLiteError(code, opened)
    }
    handle = opened
    sqlite3_extended_result_codes(handle, 1)
    sqlite3_busy_timeout(handle, 5_000)
  }

  deinit {
    statements.removeAll()
    sqlite3_close_v2(handle)
  }

  /// Runs SQL without values: pragmas, transactions and migrations.
  func execute(_ sql: String) throws {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw SQLiteError(sqlite3_extended_errcode(handle), handle) }
  }

  /// Whether a transaction is open: SQLite rolls back by itself on some errors.
  var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// How many rows the last INSERT, UPDATE or DELETE changed.
  public var changedRows: Int { Int(sqlite3_changes(handle)) }

  public var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

  /// Runs a statement for its effect. SQL is a literal, so that no value can ever become part of it.
  public func run(_ sql: StaticString, _ values: SQLiteValue...) throws {
    let statement = try prepared(sql)
    defer { statement.reset() }
    try statement.bind(values)
    while try statement.step() {}
  }

  /// The first row, or nil.
  public func first<T>(_ sql: StaticString, _ values: SQLiteValue..., read: (SQLiteStatement) throws -> T) throws -> T?
  {
    let statement = try prepared(sql)
    defer { statement.reset() }
    try statement.bind(values)
    return try statement.step() ? read(statement) : nil
  }

  /// All rows, in order.
  public func all<T>(_ sql: StaticString, _ values: SQLiteValue..., read: (SQLiteStatement) throws -> T) throws -> [T] {
    let statement = try prepared(sql)
    defer { statement.reset() }
    try statement.bind(values)
    var rows: [T] = []
    while try statement.step() { rows.append(try read(statement)) }
    return rows
  }

  private func prepared(_ sql: StaticString) throws -> SQLiteStatement {
    if let known = statements[sql.utf8Start] { return known }
    var prepared: OpaquePointer?
    let code = sql.withUTF8Buffer { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        sqlite3_prepare_v3(
          handle, characters.baseAddress, Int32(characters.count), UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
      }
    }
    guard code == SQLITE_OK, let prepared else { throw SQLiteError(code, handle) }
    let statement = SQLiteStatement(handle: prepared, connection: handle)
    statements[sql.utf8Start] = statement
    return statement
  }
}
