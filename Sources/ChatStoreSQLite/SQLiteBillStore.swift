import Billing
import ChatDomain
import FoundationEssentials
import SQLiteEngine

/// `BillStore` over SQLite.
public struct SQLiteBillStore: BillStore {
  private let database: SQLiteDatabase

  /// - Parameter database: migrated to `SQLiteChatSchema`.
  public init(database: SQLiteDatabase) {
    self.database = database
  }

  public func add(_ parts: [(day: BillingDay, figures: DayFigures)]) async throws {
    try await database.write { connection in
      for (day, part) in parts {
        let before = try connection.first("SELECT figures FROM bills WHERE day = ?", .integer(day.number)) {
          try SQLiteBillStore.figures($0.text(0))
        }
        let text = String(decoding: try JSONEncoder().encode((before ?? DayFigures()) + part), as: UTF8.self)
        try connection.run(
          "INSERT INTO bills (day, figures) VALUES (?, ?) ON CONFLICT DO UPDATE SET figures = excluded.figures",
          .integer(day.number), .text(text))
      }
    }
  }

  public func days(
    from first: BillingDay, through last: BillingDay
  ) async throws -> [(day: BillingDay, figures: DayFigures)] {
    try await database.read { connection in
      try connection.all(
        "SELECT day, figures FROM bills WHERE day BETWEEN ? AND ? ORDER BY day", .integer(first.number),
        .integer(last.number)
      ) { (BillingDay(number: Int($0.integer(0))), try SQLiteBillStore.figures($0.text(1))) }
    }
  }

  /// Written by us only, so its JSON is sound or the file is damaged.
  private static func figures(_ text: String) throws -> DayFigures {
    do {
      return try JSONDecoder().decode(DayFigures.self, from: Data(text.utf8))
    } catch {
      throw StoreError(.corrupt, "the figures of a day cannot be read")
    }
  }
}
