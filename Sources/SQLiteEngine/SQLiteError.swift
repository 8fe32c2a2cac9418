import CSQLite
import ChatDomain

/// What SQLite said no with.
public struct SQLiteError: Error, Sendable, Equatable {
  /// Extended result code, see https://sqlite.org/rescode.html
  public let code: Int32
  public let message: String

  init(_ code: Int32, _ connection: OpaquePointer?) {
    self.code = code
    message = connection.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
  }

  private var primaryCode: Int32 { code & 0xFF }

  /// The statement broke a UNIQUE or PRIMARY KEY constraint.
  public var isUniquenessViolation: Bool {
    code == SQLITE_CONSTRAINT | 8 << 8 || code == SQLITE_CONSTRAINT | 6 << 8
  }

  /// The port's error for this one. An I/O error is what some file systems say when they are full.
  public var storeError: StoreError {
    switch primaryCode {
    case SQLITE_FULL: StoreError(.full, message)
    case SQLITE_CORRUPT, SQLITE_NOTADB: StoreError(.corrupt, message)
    default: StoreError(.unavailable, "SQLite error \(code): \(message)")
    }
  }
}
