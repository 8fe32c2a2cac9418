import CSQLite

/// A prepared statement of one connection, and its current row. Not to leave the closure in which it was got.
public final class SQLiteStatement {
  let handle: OpaquePointer
  private let connection: OpaquePointer

  init(handle: OpaquePointer, connection: OpaquePointer) {
    self.handle = handle
    self.connection = connection
  }

  deinit { sqlite3_finalize(handle) }

  func bind(_ values: [SQLiteValue]) throws {
    for (position, value) in values.enumerated() {
      let index = Int32(position + 1)
      let code =
        switch value {
        case .null: sqlite3_bind_null(handle, index)
        case .integer(let number): sqlite3_bind_int64(handle, index, number)
        case .text(var text):
          text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
              sqlite3_bind_text(
                handle, index, characters.baseAddress, Int32(characters.count), caravan_sqlite_transient())
            }
          }
        case .blob(let bytes): bindBlob(index, bytes)
        case .bits(let high, let low):
          withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes in
            sqlite3_bind_blob(handle, index, bytes.baseAddress, 16, caravan_sqlite_transient())
          }
        }
      guard code == SQLITE_OK else { throw SQLiteError(code, connection) }
    }
  }

  private func bindBlob(_ index: Int32, _ bytes: [UInt8]) -> Int32 {
    // A null pointer would bind NULL.
    guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(handle, index, 0) }
    return bytes.withUnsafeBytes { buffer in
      sqlite3_bind_blob(handle, index, buffer.baseAddress, Int32(buffer.count), caravan_sqlite_transient())
    }
  }

  /// Moves to the next row; false at the end.
  func step() throws -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw SQLiteError(sqlite3_extended_errcode(connection), connection)
    }
  }

  func reset() {
    sqlite3_reset(handle)
  }

  // MARK: The current row, columns from 0

  public func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  public func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  public func text(_ column: Int32) -> String {
    guard let start = sqlite3_column_text(handle, column) else { return "" }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  public func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  public func blob(_ column: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(handle, column) else { return [] }
    return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }

  /// A UUID stored as sixteen bytes; nil for NULL or another length.
  public func bits(_ column: Int32) -> (high: UInt64, low: UInt64)? {
    guard let start = sqlite3_column_blob(handle, column), sqlite3_column_bytes(handle, column) == 16 else {
      return nil
    }
    return (
      UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)),
      UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    )
  }
}
