/// Checks that bytes are one JSON object within our limits, before anything decodes them: RFC 8259's grammar, valid UTF-8, no NUL, no lone
/// surrogate, bounded depth. Knows the field that it is in, so that the answer can name it.
struct JSONScan: ~Copyable {
  static let maximumDepth = 32

  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var depth = 0
  /// The way to the value being read: names and indices.
  private var path: [String] = []
  /// Where numbers stand that are no `Int`. Foundation does not say which number did not fit the type: one of these, mostly the only one.
  private var oddNumbers: [String] = []

  /// - Returns: the field of the only number that is no `Int`; nil when there is none, or several.
  /// - Throws: `Problem.invalidRequest`.
  static func check(_ bytes: UnsafeBufferPointer<UInt8>) throws(Problem) -> String? {
    var scan = JSONScan(bytes: bytes)
    scan.skipBlanks()
    guard scan.position < bytes.count else {
      throw .invalidRequest(reason: "the body is empty, a JSON object is expected")
    }
    guard bytes[scan.position] == UInt8(ascii: "{") else {
      throw .invalidRequest(reason: "the body is not a JSON object")
    }
    try scan.value()
    scan.skipBlanks()
    guard scan.position == bytes.count else { throw scan.broken }
    return scan.oddNumbers.count == 1 ? scan.oddNumbers[0] : nil
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private var broken: Problem { .invalidRequest(reason: "the body is not valid JSON (at byte \(position))") }

  private func problem(_ reason: String) -> Problem {
    .invalidRequest(field: path.isEmpty ? nil : path.joined(separator: "."), reason: reason)
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ byte: UInt8) throws(Problem) {
    guard next == byte else { throw broken }
    position += 1
  }

  private mutating func value() throws(Problem) {
    switch next {
    case UInt8(ascii: "{"): try object()
    case UInt8(ascii: "["): try array()
    case UInt8(ascii: "\""): _ = try string(keeping: false)
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    default: try number()
    }
  }

  private mutating func deeper() throws(Problem) {
    depth += 1
    if depth > JSONScan.maximumDepth { throw problem("is nested deeper than \(JSONScan.maximumDepth) levels") }
  }

  private mutating func object() throws(Problem) {
    try deeper()
    position += 1
    skipBlanks()
    if next != UInt8(ascii: "}") {
      while true {
        skipBlanks()
        let name = try string(keeping: true)
        skipBlanks()
        try take(UInt8(ascii: ":"))
        skipBlanks()
        path.append(name)
        try value()
        path.removeLast()
        skipBlanks()
        guard next == UInt8(ascii: ",") else { break }
        position += 1
      }
    }
    try take(UInt8(ascii: "}"))
    depth -= 1
  }

  private mutating func array() throws(Problem) {
    try deeper()
    position += 1
    skipBlanks()
    var index = 0
    if next != UInt8(ascii: "]") {
      while true {
        skipBlanks()
        path.append("\(index)")
        try value()
        path.removeLast()
        index += 1
        skipBlanks()
        guard next == UInt8(ascii: ",") else { break }
        position += 1
      }
    }
    try take(UInt8(ascii: "]"))
    depth -= 1
  }

  private mutating func word(_ text: StaticString) throws(Problem) {
    for index in 0..<text.utf8CodeUnitCount { try take(text.utf8Start[index]) }
  }

  private mutating func digits() throws(Problem) {
    let start = position
    while let byte = next, 0x30...0x39 ~= byte { position += 1 }
    if position == start { throw broken }
  }

  private mutating func number() throws(Problem) {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
    // Eighteen digits always fit 64 bits.
    var isOdd = position - start > 18
    if next == UInt8(ascii: ".") {
      position += 1
      try digits()
      isOdd = true
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try digits()
      isOdd = true
    }
    if isOdd, oddNumbers.count < 2 { oddNumbers.append(path.joined(separator: ".")) }
  }

  /// - Parameter keeping: whether the text is wanted (a field's name); escapes in it stay as they are written.
  private mutating func string(keeping: Bool) throws(Problem) -> String {
    try take(UInt8(ascii: "\""))
    let start = position
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        let text = keeping ? JSONScan.name(UnsafeBufferPointer(rebasing: bytes[start..<position])) : ""
        position += 1
        return text
      case UInt8(ascii: "\\"): try escape()
      case 0: throw problem("holds a NUL")
      case 1..<0x20: throw broken
      case 0x20..<0x80: position += 1
      default: try sequence(first: byte)
      }
    }
    throw broken
  }

  /// A name as an answer may quote it: short, and without control characters.
  private static func name(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    bytes.count <= 64 ? String(decoding: bytes, as: UTF8.self) : "a field with a long name"
  }

  private mutating func escape() throws(Problem) {
    position += 1
    switch next {
    case UInt8(ascii: "u"):
      position += 1
      let unit = try hexUnit()
      if unit == 0 { throw problem("holds a NUL") }
      if 0xDC00...0xDFFF ~= unit { throw problem("holds a lone surrogate") }
      if 0xD800...0xDBFF ~= unit {
        guard next == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") else {
          throw problem("holds a lone surrogate")
        }
        position += 2
        guard 0xDC00...0xDFFF ~= (try hexUnit()) else { throw problem("holds a lone surrogate") }
      }
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    default: throw broken
    }
  }

  private mutating func hexUnit() throws(Problem) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = next.flatMap(PercentCoding.hexDigit) else { throw broken }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  /// One UTF-8 sequence of two to four bytes (Unicode 15, table 3-7): no overlong form, no surrogate, nothing above U+10FFFF.
  private mutating func sequence(first: UInt8) throws(Problem) {
    let (length, second): (Int, ClosedRange<UInt8>)
    switch first {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: throw problem("is not valid UTF-8")
    }
    guard position + length <= bytes.count, second ~= bytes[position + 1],
      bytes[position + 2..<max(position + length, position + 2)].allSatisfy({ 0x80...0xBF ~= $0 })
    else { throw problem("is not valid UTF-8") }
    position += length
  }
}
