import Billing
import Testing

@Suite struct MoneyTests {
  @Test(
    "An amount is read and shown",
    arguments: [
      ("1.50", 1_500_000_000, "$1.50"), ("$0.06", 60_000_000, "$0.06"), ("0", 0, "$0.00"),
      ("0.0000018", 1_800, "$0.0000018"), ("12", 12_000_000_000, "$12.00"), ("0.000000001", 1, "$0.000000001"),
    ] as [(String, Int64, String)])
  func anAmountIsReadAndShown(text: String, nanodollars: Int64, shown: String) {
    #expect(Money(text)?.nanodollars == nanodollars)
    #expect(Money(text)?.description == shown)
    #expect(Money(shown) == Money(text))
  }

  @Test(
    "Anything else is refused",
    arguments: ["", "$", "-1", "1.", ".5", "1e3", "1,5", "0.0000000001", "1.2.3", "12345678901", "٣", "1 "])
  func anythingElseIsRefused(text: String) {
    #expect(Money(text) == nil)
  }

  @Test("Sums and products saturate")
  func sumsAndProductsSaturate() {
    let most = Money(nanodollars: .max)
    #expect(most + Money(nanodollars: 1) == most)
    #expect(most * 2 == most)
    #expect(Money(nanodollars: .min) - Money(nanodollars: 1) == Money(nanodollars: .min))
    #expect(Money(nanodollars: -5) * .max == Money(nanodollars: .min))
  }

  @Test("A share is rounded to the nearest nanodollar")
  func aShareIsRoundedToThe() {
    #expect(Money(nanodollars: 10).scaled(by: 1, over: 3).nanodollars == 3)
    #expect(Money(nanodollars: 10).scaled(by: 2, over: 3).nanodollars == 7)
    #expect(Money(nanodollars: -10).scaled(by: 2, over: 3).nanodollars == -7)
  }

  @Test("Decimals are rounded")
  func decimalsAreRounded() {
    #expect(Money.dollars("1.005").rounded(decimals: 2) == "$1.01")
    #expect(Money.dollars("0.999").rounded(decimals: 0) == "$1")
    #expect(Money(nanodollars: -1_500_000_000).rounded(decimals: 2) == "-$1.50")
  }

  @Test(
    "A budget is dollars a day",
    arguments: [("1.50/day", "$1.50/day"), ("0/day", "$0.00/day"), ("$3/day", "$3.00/day")])
  func aBudgetIsDollarsADay(text: String, shown: String) {
    #expect(Budget(text)?.description == shown)
  }

  @Test("Anything else is no budget", arguments: ["1.50", "1.50/month", "/day", "-1/day", "1000001/day", "1.5 /day"])
  func anythingElseIsNoBudget(text: String) {
    #expect(Budget(text) == nil)
  }
}
