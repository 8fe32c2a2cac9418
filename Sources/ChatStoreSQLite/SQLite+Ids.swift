import ChatDomain
import SQLiteEngine

extension SQLiteValue {
  static func id<Subject>(_ id: Identifier<Subject>) -> SQLiteValue { .bits(high: id.bits.high, low: id.bits.low) }

  static func id<Subject>(_ id: Identifier<Subject>?) -> SQLiteValue { id.map { .id($0) } ?? .null }

  static func ticks(_ id: TimeUUID) -> SQLiteValue { .integer(Int64(bitPattern: id.ticks)) }

  /// With the top bit flipped: signed order of the column is unsigned order of the bytes.
  static func tail(_ id: TimeUUID) -> SQLiteValue { .integer(Int64(bitPattern: id.tail ^ 1 << 63)) }
}

extension SQLiteStatement {
  /// The identifier in a column that holds one.
  func id<Subject>(_ column: Int32) throws -> Identifier<Subject> {
    guard let id: Identifier<Subject> = optionalID(column) else {
      throw StoreError(.corrupt, "column \(column) holds no identifier")
    }
    return id
  }

  func optionalID<Subject>(_ column: Int32) -> Identifier<Subject>? {
    bits(column).map { Identifier(UUIDBits(high: $0.high, low: $0.low)) }
  }

  /// The message id in this column (ticks) and the next (tail).
  func optionalTimeUUID(_ column: Int32) -> TimeUUID? {
    isNull(column) ? nil : timeUUID(column)
  }

  func timeUUID(_ column: Int32) -> TimeUUID {
    TimeUUID(
      ticks: UInt64(bitPattern: integer(column)), tail: UInt64(bitPattern: integer(column + 1)) ^ 1 << 63)
  }
}
