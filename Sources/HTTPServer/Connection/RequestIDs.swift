/// Makes ids for requests: 15 hex digits, so that they need no allocation. Unique enough to find a log line, no secret.
struct RequestIDs {
  private var state = UInt64.random(in: .min ... .max)

  mutating func next() -> String {
    // SplitMix64 (Steele, Lea, Flood 2014): one addition and a mix that spreads it.
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    mixed ^= mixed >> 31
    return String(unsafeUninitializedCapacity: 15) { buffer in
      for index in 0..<15 {
        let digit = UInt8(truncatingIfNeeded: mixed >> UInt64(4 * index)) & 0xF
        buffer[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
      }
      return 15
    }
  }
}
