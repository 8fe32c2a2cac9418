import ChatDomain

/// The form of a price file:
/// `{"name","title"?,"reads_per_100000","writes_per_100000","deletes_per_100000","storage_per_gib_month"?,"free_per_day"?:{"reads"?,"writes"?,"deletes"?},
/// "source"?,"read_on"?}`, amounts in dollars.
extension PriceBook: Codable {
  private enum Field: String, CodingKey {
    case name, title, source
    case reads = "reads_per_100000"
    case writes = "writes_per_100000"
    case deletes = "deletes_per_100000"
    case storage = "storage_per_gib_month"
    case free = "free_per_day"
    case readOn = "read_on"
  }

  private struct Free: Codable {
    var reads: Int64?
    var writes: Int64?
    var deletes: Int64?
  }

  /// - Throws: `BillingError` that names the field.
  public init(from decoder: any Decoder) throws {
    do {
      let fields = try decoder.container(keyedBy: Field.self)
      let name = try fields.decode(String.self, forKey: .name)
      let free = try fields.decodeIfPresent(Free.self, forKey: .free)
      let date = try fields.decodeIfPresent(String.self, forKey: .readOn) ?? "1970-01-01"
      guard let readOn = CivilDate(date) else {
        throw BillingError(.prices, "read_on must be a date such as 2026-11-28")
      }
      try self.init(
        name: name, title: fields.decodeIfPresent(String.self, forKey: .title) ?? name,
        readsPer100000: fields.decode(Money.self, forKey: .reads),
        writesPer100000: fields.decode(Money.self, forKey: .writes),
        deletesPer100000: fields.decode(Money.self, forKey: .deletes),
        storagePerGiBMonth: fields.decodeIfPresent(Money.self, forKey: .storage) ?? .zero,
        freePerDay: BilledOperations(
          reads: free?.reads ?? 0, writes: free?.writes ?? 0, deletes: free?.deletes ?? 0),
        source: fields.decodeIfPresent(String.self, forKey: .source) ?? "", readOn: readOn)
    } catch let error as DecodingError {
      throw PriceBook.explanation(of: error)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Field.self)
    try fields.encode(name, forKey: .name)
    try fields.encode(title, forKey: .title)
    try fields.encode(readsPer100000, forKey: .reads)
    try fields.encode(writesPer100000, forKey: .writes)
    try fields.encode(deletesPer100000, forKey: .deletes)
    try fields.encode(storagePerGiBMonth, forKey: .storage)
    try fields.encode(
      Free(reads: freePerDay.reads, writes: freePerDay.writes, deletes: freePerDay.deletes), forKey: .free)
    try fields.encode(source, forKey: .source)
    try fields.encode(readOn.description, forKey: .readOn)
  }

  private static func explanation(of error: DecodingError) -> BillingError {
    func path(_ keys: [any CodingKey], _ last: (any CodingKey)? = nil) -> String {
      (keys + (last.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
    }
    let detail =
      switch error {
      case .keyNotFound(let key, let context): "\(path(context.codingPath, key)) is missing"
      case .valueNotFound(_, let context): "\(path(context.codingPath)) is null"
      case .typeMismatch(_, let context): "\(path(context.codingPath)) is of the wrong type"
      case .dataCorrupted(let context):
        context.codingPath.isEmpty
          ? "it is no JSON object" : "\(path(context.codingPath)): \(context.debugDescription)"
      @unknown default: "it cannot be read"
      }
    return BillingError(.prices, detail)
  }
}
