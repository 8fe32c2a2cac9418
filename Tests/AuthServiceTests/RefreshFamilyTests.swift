import ChatDomain
import Testing

@Suite("Refresh families")
struct RefreshFamilyTests {
  private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }
  private func hash(_ name: String) -> TokenHash { TokenHash(of: Array(name.utf8)) }

  /// Presents tokens one after another and returns what was said.
  private func verdicts(_ steps: [(token: String, successor: String, at: Int64)]) -> [RefreshFamily.Verdict] {
    var family = RefreshFamily(first: hash("A"), now: at(0))
    return steps.map { family.present(hash($0.token), successor: hash($0.successor), now: at($0.at)) }
  }

  @Test("Each token once, in turn")
  func ordinary() {
    #expect(verdicts([("A", "B", 0), ("B", "C", 900_000), ("C", "D", 1_800_000)]) == [.rotated, .rotated, .rotated])
  }

  @Test("A lost answer: the old token again, within sixty seconds")
  func lostAnswer() {
    #expect(verdicts([("A", "B", 0), ("A", "C", 59_999), ("C", "D", 900_000)]) == [.rotated, .rotated, .rotated])
    #expect(verdicts([("A", "B", 0), ("A", "C", 60_000)]) == [.rotated, .reused])
  }

  @Test("The sixty seconds are counted from the first use, not from the last")
  func noExtension() {
    #expect(verdicts([("A", "B", 0), ("A", "C", 50_000), ("A", "D", 70_000)]) == [.rotated, .rotated, .reused])
  }

  @Test("Two tabs ask at once; whichever answer is kept goes on", arguments: ["B", "C"])
  func twoTabs(kept: String) {
    #expect(verdicts([("A", "B", 0), ("A", "C", 5), (kept, "D", 900_000)]) == [.rotated, .rotated, .rotated])
  }

  @Test("Once a successor is used, its sibling and its parent are spent", arguments: ["A", "B"])
  func siblings(token: String) {
    #expect(verdicts([("A", "B", 0), ("A", "C", 5), ("C", "D", 10), (token, "E", 11)]).last == .reused)
  }

  @Test("A token of long ago is spent")
  func old() {
    #expect(verdicts([("A", "B", 0), ("B", "C", 1), ("C", "D", 2), ("A", "E", 3)]).last == .reused)
  }

  @Test("Unused successors are bounded; the newest stay good")
  func bounded() {
    var family = RefreshFamily(first: hash("A"), now: at(0))
    for number in 0..<100 {
      #expect(present(&family, "A", "N\(number)", Int64(number)) == .rotated)
      #expect(family.live.count <= RefreshFamily.liveLimit)
    }
    var other = family
    #expect(present(&other, "N99", "X", 200) == .rotated)
    #expect(present(&family, "N0", "X", 200) == .reused)
  }

  @Test("A clock that was set back ends no session")
  func clockBack() {
    #expect(verdicts([("A", "B", 100_000), ("A", "C", 10), ("C", "D", 5)]) == [.rotated, .rotated, .rotated])
  }

  private func present(
    _ family: inout RefreshFamily, _ token: String, _ successor: String, _ milliseconds: Int64
  ) -> RefreshFamily.Verdict {
    family.present(hash(token), successor: hash(successor), now: at(milliseconds))
  }
}
