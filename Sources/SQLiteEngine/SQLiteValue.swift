/// A value to bind to a statement.
public enum SQLiteValue: Sendable {
  case null
  case integer(Int64)
  case text(String)
  case blob([UInt8])
  /// Sixteen bytes, big-endian: a UUID.
  case bits(high: UInt64, low: UInt64)
}

extension SQLiteValue {
  public static func integer(_ value: Int) -> SQLiteValue { .integer(Int64(value)) }
  public static func optional(_ value: String?) -> SQLiteValue { value.map { .text($0) } ?? .null }
}
