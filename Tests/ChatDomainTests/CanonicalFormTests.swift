import Testing

@testable import ChatDomain

/// Measured by Swift's own comparison, which holds canonically equivalent texts for equal.
@Suite struct CanonicalFormTests {
  @Test("Every scalar's form is equivalent to it, and its own form")
  func everyScalar() {
    var changed = 0
    // Beyond the second plane nothing is composed.
    for scalar in (0...0x2FFFF as ClosedRange<UInt32>).lazy.compactMap(Unicode.Scalar.init) {
      let text = String(scalar)
      let form = CanonicalForm.decomposed(text)
      guard !form.utf8.elementsEqual(text.utf8) else { continue }
      changed += 1
      #expect(form == text)
      #expect(CanonicalForm.decomposed(form).utf8.elementsEqual(form.utf8))
    }
    #expect(changed > 2_000 + 11_172)
  }

  @Test("Of texts that are equivalent the form is the same, of others another")
  func equivalents() {
    var generator = Seeded(state: 7)
    let letters = ["a", "e", "ё", "и", "α", "\u{1100}", "\u{1161}", "\u{11A8}", "か", "ا"]
    let marks = ["\u{300}", "\u{301}", "\u{308}", "\u{323}", "\u{345}", "\u{3099}", "\u{654}", "\u{306}"]
    var equal = 0
    for _ in 0..<20_000 {
      let letter = letters.randomElement(using: &generator) ?? ""
      let chosen = (0..<3).map { _ in marks.randomElement(using: &generator) ?? "" }
      let (a, b) = (letter + chosen.joined(), letter + chosen.shuffled(using: &generator).joined())
      if a == b { equal += 1 }
      #expect((a == b) == CanonicalForm.decomposed(a).utf8.elementsEqual(CanonicalForm.decomposed(b).utf8))
    }
    #expect(equal > 5_000)
  }

  @Test(
    "Composed and decomposed",
    arguments: [("é", "e\u{301}"), ("한", "ᄒ\u{1161}\u{11AB}"), ("\u{212B}", "A\u{30A}"), ("ệ", "e\u{323}\u{302}")])
  func examples(composed: String, decomposed: String) {
    #expect(CanonicalForm.decomposed(composed).unicodeScalars.elementsEqual(decomposed.unicodeScalars))
  }
}

private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}
