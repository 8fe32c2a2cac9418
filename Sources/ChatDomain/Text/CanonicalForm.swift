/// The one form of texts that Unicode holds for the same: canonical decomposition (NFD, UAX #15). Swift compares texts so by itself; an index
/// compares bytes.
enum CanonicalForm {
  static func decomposed(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars { append(scalar, to: &scalars) }
    order(&scalars)
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
  }

  private static func append(_ scalar: Unicode.Scalar, to scalars: inout [Unicode.Scalar]) {
    if let (first, second) = parts[scalar] {
      append(first, to: &scalars)
      if let second { append(second, to: &scalars) }
    } else if let syllable = HangulSyllable(scalar) {
      scalars += syllable.letters
    } else {
      scalars.append(scalar)
    }
  }

  /// Marks on one letter, in the order of their classes; those of one class stay as they come.
  private static func order(_ scalars: inout [Unicode.Scalar]) {
    var marks = 0
    for index in scalars.indices {
      guard isMark(scalars[index]) else {
        marks = index + 1
        continue
      }
      var place = index
      while place > marks, combiningClass(scalars[place - 1]) > combiningClass(scalars[place]) {
        scalars.swapAt(place - 1, place)
        place -= 1
      }
    }
  }

  /// Whether it belongs to the letter before it.
  static func isMark(_ scalar: Unicode.Scalar) -> Bool { combiningClass(scalar) > 0 }

  private static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
    scalar.properties.canonicalCombiningClass.rawValue
  }

  private static let parts: [Unicode.Scalar: (Unicode.Scalar, Unicode.Scalar?)] = {
    var parts: [Unicode.Scalar: (Unicode.Scalar, Unicode.Scalar?)] = [:]
    parts.reserveCapacity(2_100)
    for pair in pairs.description.split(separator: " ") {
      let scalars = pair.split { $0 == "=" || $0 == "+" }.compactMap {
        UInt32($0, radix: 16).flatMap(Unicode.Scalar.init)
      }
      if scalars.count > 1 { parts[scalars[0]] = (scalars[1], scalars.count > 2 ? scalars[2] : nil) }
    }
    return parts
  }()
}

/// A Hangul syllable, which is made of its letters by a rule (The Unicode Standard, section 3.12).
private struct HangulSyllable {
  let index: UInt32

  init?(_ scalar: Unicode.Scalar) {
    guard 0xAC00...0xD7A3 ~= scalar.value else { return nil }
    index = scalar.value - 0xAC00
  }

  var letters: [Unicode.Scalar] {
    let (lead, vowel, trail) = (0x1100 + index / 588, 0x1161 + index % 588 / 28, 0x11A7 + index % 28)
    return [lead, vowel, trail].compactMap { $0 == 0x11A7 ? nil : Unicode.Scalar($0) }
  }
}
