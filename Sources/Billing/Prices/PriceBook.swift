import ChatDomain

/// What one edition of a database charges at one location. Data with a source, not truth: prices change.
public struct PriceBook: Hashable, Sendable {
  /// How it is called on the command line.
  public let name: String
  /// In words.
  public let title: String
  /// Dollars for 100,000 documents read.
  public let readsPer100000: Money
  public let writesPer100000: Money
  public let deletesPer100000: Money
  /// Dollars for a GiB (2^30 bytes) kept for a month.
  public let storagePerGiBMonth: Money
  /// What is free each day.
  public let freePerDay: BilledOperations
  /// Where the figures stand.
  public let source: String
  /// When they were read there.
  public let readOn: CivilDate

  /// - Throws: `BillingError` for a price that is not a whole number of nanodollars per operation, and for anything else that makes no sense.
  public init(
    name: String, title: String, readsPer100000: Money, writesPer100000: Money, deletesPer100000: Money,
    storagePerGiBMonth: Money, freePerDay: BilledOperations, source: String, readOn: CivilDate
  ) throws(BillingError) {
    self.name = name
    self.title = title
    self.readsPer100000 = readsPer100000
    self.writesPer100000 = writesPer100000
    self.deletesPer100000 = deletesPer100000
    self.storagePerGiBMonth = storagePerGiBMonth
    self.freePerDay = freePerDay
    self.source = source
    self.readOn = readOn
    try validate()
  }

  /// One operation of each kind.
  public var read: Money { Money(nanodollars: readsPer100000.nanodollars / 100_000) }
  public var write: Money { Money(nanodollars: writesPer100000.nanodollars / 100_000) }
  public var delete: Money { Money(nanodollars: deletesPer100000.nanodollars / 100_000) }

  /// At the list price, with nothing free.
  public func cost(of operations: BilledOperations) -> Money {
    read * operations.reads + write * operations.writes + delete * operations.deletes
  }

  /// All of one day's operations, what is free taken off.
  public func costOfDay(_ operations: BilledOperations) -> Money { cost(of: operations.beyond(freePerDay)) }

  private func validate() throws(BillingError) {
    guard (1...40).contains(name.utf8.count), name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw BillingError(.prices, "the name of a price book is 1 to 40 letters without spaces")
    }
    for (field, price) in [
      ("reads_per_100000", readsPer100000), ("writes_per_100000", writesPer100000),
      ("deletes_per_100000", deletesPer100000),
    ] {
      guard (0...1_000_000_000_000).contains(price.nanodollars) else {
        throw BillingError(.prices, "\(field) of '\(name)' must be 0 to 1000 dollars")
      }
      guard price.nanodollars % 100_000 == 0 else {
        throw BillingError(.prices, "\(field) of '\(name)' has more than four decimals")
      }
    }
    guard storagePerGiBMonth >= .zero else {
      throw BillingError(.prices, "storage_per_gib_month of '\(name)' is negative")
    }
    guard
      [freePerDay.reads, freePerDay.writes, freePerDay.deletes].allSatisfy({ (0...1_000_000_000_000).contains($0) })
    else {
      throw BillingError(.prices, "free_per_day of '\(name)' must be 0 to 1000000000000 of each kind")
    }
  }
}
