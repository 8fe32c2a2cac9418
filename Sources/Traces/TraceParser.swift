/// Reads traces from pieces of text: lines of `time_ms,chat,sender,size` below a header of those names. Takes no memory beyond the numbers of the present line.
public struct TraceParser: Sendable {
  static let header = Array("time_ms,chat,sender,size".utf8)
  /// A line's bytes, at most: four numbers of 18 digits with what is between them, and some to spare.
  static let longestLine = 100
  /// An `Int64` holds all numbers of so many digits.
  static let mostDigits = 18

  private enum Field { case empty, minus, number, ended }

  private let mustBeSorted: Bool
  private var line = 1
  private var bytes = 0
  private var values: (Int64, Int64, Int64, Int64) = (0, 0, 0, 0)
  private var field = 0
  private var state = Field.empty
  private var digits = 0
  private var isNegative = false
  private var lastTime = Int64.min

  /// - Parameter mustBeSorted: whether a message that is earlier than the one before is an error.
  public init(mustBeSorted: Bool) { self.mustBeSorted = mustBeSorted }

  /// Takes a further piece.
  /// - Parameter each: gets the messages in the order of the trace; false ends the reading.
  /// - Returns: false if `each` did.
  /// - Throws: `TraceError` that names the line.
  public mutating func take(
    _ piece: ArraySlice<UInt8>, _ each: (TraceMessage) throws(TraceError) -> Bool
  ) throws(TraceError) -> Bool {
    for byte in piece {
      if byte == UInt8(ascii: "\n") {
        if let message = try endLine(), try !each(message) { return false }
        continue
      }
      bytes += 1
      guard bytes <= TraceParser.longestLine else {
        throw TraceError(.malformed, "line \(line) is longer than \(TraceParser.longestLine) bytes")
      }
      if line == 1 { try takeHeader(byte) } else { try takeNumber(byte) }
    }
    return true
  }

  /// The trace is over: its last line needs no line feed.
  public mutating func finish(_ each: (TraceMessage) throws(TraceError) -> Bool) throws(TraceError) {
    if let message = try endLine() { _ = try each(message) }
  }

  private mutating func takeHeader(_ byte: UInt8) throws(TraceError) {
    let isCarriageReturn = byte == UInt8(ascii: "\r") && bytes == TraceParser.header.count + 1
    guard isCarriageReturn || (bytes <= TraceParser.header.count && TraceParser.header[bytes - 1] == byte) else {
      throw headerError
    }
  }

  private var headerError: TraceError {
    TraceError(.malformed, "line 1 must be the header \(String(decoding: TraceParser.header, as: UTF8.self))")
  }

  private mutating func takeNumber(_ byte: UInt8) throws(TraceError) {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9") where state != .ended:
      digits += 1
      guard digits <= TraceParser.mostDigits else {
        throw TraceError(.malformed, "line \(line): \(name) has more than \(TraceParser.mostDigits) digits")
      }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
      state = .number
    case UInt8(ascii: ",") where state == .number && field < 3:
      endField()
      field += 1
      state = .empty
    case UInt8(ascii: "-") where state == .empty && field == 0:
      isNegative = true
      state = .minus
    case UInt8(ascii: "\r") where state == .number && field == 3: state = .ended
    default:
      throw TraceError(.malformed, "line \(line): \(name) is no whole number, or is not where it belongs")
    }
  }

  private mutating func endField() {
    if isNegative { value = -value }
    isNegative = false
    digits = 0
  }

  /// nil for the header and for empty lines.
  private mutating func endLine() throws(TraceError) -> TraceMessage? {
    defer {
      line += 1
      (bytes, field, digits, isNegative, state) = (0, 0, 0, false, .empty)
      values = (0, 0, 0, 0)
    }
    if line == 1 {
      guard bytes >= TraceParser.header.count else { throw headerError }
      return nil
    }
    if bytes == 0 { return nil }
    guard field == 3, state == .number || state == .ended else {
      throw TraceError(.malformed, "line \(line) has fewer than four numbers: time_ms,chat,sender,size")
    }
    endField()
    guard !mustBeSorted || values.0 >= lastTime else {
      throw TraceError(.malformed, "line \(line): time_ms is earlier than in the line before; sort the trace by time")
    }
    lastTime = values.0
    return TraceMessage(time: values.0, chat: Int(values.1), sender: Int(values.2), size: Int(values.3))
  }

  private var name: String { ["time_ms", "chat", "sender", "size"][field] }

  private var value: Int64 {
    get {
      switch field {
      case 0: values.0
      case 1: values.1
      case 2: values.2
      default: values.3
      }
    }
    set {
      switch field {
      case 0: values.0 = newValue
      case 1: values.1 = newValue
      case 2: values.2 = newValue
      default: values.3 = newValue
      }
    }
  }
}

extension TraceParser {
  /// A whole trace at once.
  /// - Parameter limit: messages to take.
  /// - Returns: the messages by time; those of one moment in the order of the trace.
  /// - Throws: `TraceError` that names the line.
  public static func parse(_ text: String, limit: Int = .max) throws(TraceError) -> [TraceMessage] {
    var collector = TraceCollector(limit: limit)
    var parser = TraceParser(mustBeSorted: false)
    if try parser.take(Array(text.utf8)[...], { collector.add($0) }) { try parser.finish { collector.add($0) } }
    return try collector.sorted()
  }
}
