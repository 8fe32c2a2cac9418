import Billing
import ChatDomain
import Foundation
import Testing

@Suite struct PriceBookTests {
  @Test("The built-in prices are those published")
  func theBuiltInPricesAreThose() {
    #expect(PriceBook.nam5.cost(of: BilledOperations(100_000, 0)) == .dollars("0.06"))
    #expect(PriceBook.nam5.cost(of: BilledOperations(0, 100_000)) == .dollars("0.18"))
    #expect(PriceBook.nam5.cost(of: BilledOperations(0, 0, 100_000)) == .dollars("0.02"))
    #expect(PriceBook.usCentral1.cost(of: BilledOperations(100_000, 100_000, 100_000)) == .dollars("0.13"))
    #expect(PriceBook.all.allSatisfy { $0.freePerDay == BilledOperations(50_000, 20_000, 20_000) })
    #expect(PriceBook.named("nam5") == .nam5)
    #expect(PriceBook.named("mars") == nil)
  }

  @Test("Google's published chat example comes to what Google says")
  func googlesPublishedChatExampleComesTo() {
    // 5,000 users a day: 400,000 reads, 100,000 writes and deletes. The page rounds each day's sums to the cent.
    let day = PriceBook.nam5.costOfDay(BilledOperations(400_000, 100_000, 100_000))
    #expect(day == .dollars("0.37"))
  }

  @Test("What is free is taken off by kind")
  func whatIsFreeIsTakenOff() {
    #expect(PriceBook.nam5.costOfDay(BilledOperations(50_000, 20_000, 20_000)) == .zero)
    #expect(PriceBook.nam5.costOfDay(BilledOperations(0, 20_001)) == .dollars("0.0000018"))
    #expect(PriceBook.nam5.costOfDay(BilledOperations(50_001, 0)) == .dollars("0.0000006"))
  }

  @Test("A price file is read, amounts as text or as numbers")
  func aPriceFileIsReadAmounts() throws {
    let book = try read(
      """
      {"name": "eur3", "reads_per_100000": "0.06", "writes_per_100000": 0.18, "deletes_per_100000": 0.02,
       "free_per_day": {"writes": 20000}, "source": "https://example.org", "read_on": "2026-01-31", "unknown": 1}
      """)
    #expect(book.writesPer100000 == .dollars("0.18"))
    #expect(book.freePerDay == BilledOperations(0, 20_000))
    #expect(book.readOn.description == "2026-01-31")
    let again = try JSONDecoder().decode(PriceBook.self, from: JSONEncoder().encode(book))
    #expect(again == book)
  }

  @Test(
    "A bad price file is refused, and says where",
    arguments: [
      (#"{"name":"x","writes_per_100000":"1","deletes_per_100000":"1"}"#, "reads_per_100000 is missing"),
      (#"{"name":"x","reads_per_100000":"-1","writes_per_100000":"1","deletes_per_100000":"1"}"#, "reads_per_100000"),
      (#"{"name":"x","reads_per_100000":true,"writes_per_100000":"1","deletes_per_100000":"1"}"#, "reads_per_100000"),
      (#"{"name":"x","reads_per_100000":"0.00001","writes_per_100000":"1","deletes_per_100000":"1"}"#, "four decimals"),
      (#"{"name":"x","reads_per_100000":"1001","writes_per_100000":"1","deletes_per_100000":"1"}"#, "0 to 1000"),
      (#"{"name":"a b","reads_per_100000":"1","writes_per_100000":"1","deletes_per_100000":"1"}"#, "name"),
      (
        #"{"name":"x","reads_per_100000":"1","writes_per_100000":"1","deletes_per_100000":"1","read_on":"soon"}"#,
        "read_on"
      ),
      (
        #"{"name":"x","reads_per_100000":"1","writes_per_100000":"1","deletes_per_100000":"1","free_per_day":{"reads":-1}}"#,
        "free_per_day"
      ),
    ])
  func aBadPriceFileIsRefused(text: String, complaint: String) {
    #expect {
      try read(text)
    } throws: {
      ($0 as? BillingError)?.detail.contains(complaint) == true
    }
  }

  private func read(_ text: String) throws -> PriceBook {
    try JSONDecoder().decode(PriceBook.self, from: Data(text.utf8))
  }
}
