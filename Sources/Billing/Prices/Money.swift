/// US dollars in whole nanodollars: exact sums, and prices per 100,000 operations to the hundredth of a cent. Saturates at about nine billion dollars.
public struct Money: Hashable, Sendable, Comparable {
  public let nanodollars: Int64

  public init(nanodollars: Int64) { self.nanodollars = nanodollars }

  public static let zero = Money(nanodollars: 0)

  public static func < (a: Money, b: Money) -> Bool { a.nanodollars < b.nanodollars }

  public static func + (a: Money, b: Money) -> Money {
    let (sum, overflow) = a.nanodollars.addingReportingOverflow(b.nanodollars)
    return Money(nanodollars: overflow ? (b.nanodollars > 0 ? .max : .min) : sum)
  }

  public static func - (a: Money, b: Money) -> Money {
    let (difference, overflow) = a.nanodollars.subtractingReportingOverflow(b.nanodollars)
    return Money(nanodollars: overflow ? (b.nanodollars < 0 ? .max : .min) : difference)
  }

  public static func * (a: Money, count: Int64) -> Money {
    let (product, overflow) = a.nanodollars.multipliedReportingOverflow(by: count)
    return Money(nanodollars: overflow ? ((a.nanodollars < 0) == (count < 0) ? .max : .min) : product)
  }

  /// `self` × `numerator` ÷ `denominator`, rounded to the nearest nanodollar.
  /// - Precondition: `denominator` > 0.
  public func scaled(by numerator: Int64, over denominator: Int64) -> Money {
    let product = Int128(nanodollars) * Int128(numerator)
    let half = Int128(denominator) / 2
    return Money(nanodollars: Int64(clamping: (product + (product < 0 ? -half : half)) / Int128(denominator)))
  }
}

extension Money: LosslessStringConvertible {
  /// Parses dollars, with or without the sign: `1.50`, `$0.0006`. At most nine decimals, no exponent; nil for anything else.
  public init?(_ description: String) {
    let text = description.first == "$" ? description.dropFirst() : description[...]
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), (1...9).contains(parts[0].count),
      parts.allSatisfy({ $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }),
      let dollars = Int64(parts[0])
    else { return nil }
    var fraction: Int64 = 0
    if parts.count == 2 {
      guard (1...9).contains(parts[1].count) else { return nil }
      fraction = Int64(parts[1] + String(repeating: "0", count: 9 - parts[1].count)) ?? 0
    }
    self.init(nanodollars: dollars * 1_000_000_000 + fraction)
  }

  /// All decimals that matter, but no fewer than two: `$1.50`, `$0.0000018`.
  public var description: String {
    var (whole, decimals) = digits(9)
    while decimals.count > 2, decimals.last == "0" { decimals.removeLast() }
    whole += "." + decimals
    return whole
  }

  /// Rounded to so many decimals, at most nine.
  public func rounded(decimals: Int) -> String {
    let (whole, fraction) = digits(min(max(decimals, 0), 9))
    return fraction.isEmpty ? whole : whole + "." + fraction
  }

  private func digits(_ decimals: Int) -> (whole: String, fraction: String) {
    var unit: UInt64 = 1
    for _ in decimals..<9 { unit *= 10 }
    let magnitude = (nanodollars.magnitude + unit / 2) / unit
    var scale: UInt64 = 1
    for _ in 0..<decimals { scale *= 10 }
    let fraction = decimals == 0 ? "" : String(String(scale + magnitude % scale).dropFirst())
    return ((nanodollars < 0 ? "-$" : "$") + String(magnitude / scale), fraction)
  }
}

extension Money: Codable {
  /// A string of dollars, or a number, which is read by its shortest decimal form: money never becomes a binary fraction.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try (try? container.decode(String.self)) ?? container.decode(Double.self).description
    guard let money = Money(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "'\(text.prefix(20))' is no amount such as \"0.06\""))
    }
    self = money
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(String(description.drop { $0 == "$" }))
  }
}
