import ChatDomain

extension PriceBook {
  /// Firestore Standard edition, multi-region nam5 (United States).
  ///
  /// Google's own example of a chat app's bill calculates with these figures: https://firebase.google.com/docs/firestore/billing-example
  public static let nam5 = builtIn(
    "nam5", "Firestore Standard, nam5 (US multi-region)", reads: 60_000_000, writes: 180_000_000, deletes: 20_000_000,
    storage: 180_000_000)

  /// Firestore Standard edition, region us-central1 (Iowa).
  ///
  /// The prices of operations also stand in Google's comparison of the editions. The one of storage does not; Caravan never bills by it.
  public static let usCentral1 = builtIn(
    "us-central1", "Firestore Standard, us-central1 (Iowa)", reads: 30_000_000, writes: 90_000_000,
    deletes: 10_000_000, storage: 150_000_000)

  public static let all = [nam5, usCentral1]

  /// nil if there is none of that name.
  public static func named(_ name: String) -> PriceBook? { all.first { $0.name == name } }

  /// Prices in nanodollars, for 100,000 operations and for a GiB-month.
  private static func builtIn(
    _ name: String, _ title: String, reads: Int64, writes: Int64, deletes: Int64, storage: Int64
  ) -> PriceBook {
    // A constant: checked by a test, which fails where `try` would.
    // swift-format-ignore: NeverUseForceTry
    try! PriceBook(
      name: name, title: title, readsPer100000: Money(nanodollars: reads),
      writesPer100000: Money(nanodollars: writes), deletesPer100000: Money(nanodollars: deletes),
      storagePerGiBMonth: Money(nanodollars: storage), freePerDay: freeQuota,
      source: "https://cloud.google.com/firestore/pricing", readOn: CivilDate(year: 2026, month: 11, day: 28))
  }

  /// What the first database of a project has free each day until midnight Pacific; https://firebase.google.com/docs/firestore/quotas
  private static let freeQuota = BilledOperations(reads: 50_000, writes: 20_000, deletes: 20_000)
}
