import Crypto

extension Identifier where Subject == Chat {
  /// The id of the direct chat of two people: UUIDv5 of their sorted ids, so that two racing creations make one chat.
  public static func direct(_ a: UserID, _ b: UserID) -> ChatID {
    var hash = Insecure.SHA1()
    hash.update(data: directNamespace.bytes)
    hash.update(data: min(a, b).bits.bytes)
    hash.update(data: max(a, b).bits.bytes)
    let digest = [UInt8](hash.finalize())
    // RFC 9562, section 5.5: version 5, variant 10.
    guard let bits = UUIDBits(bytes: digest.prefix(16)) else { preconditionFailure("SHA-1 gives twenty bytes") }
    return ChatID(
      UUIDBits(
        high: bits.high & 0xFFFF_FFFF_FFFF_0FFF | 0x5000,
        low: bits.low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000))
  }

  /// Caravan's own name space, drawn at random once. It must never change.
  private static let directNamespace = UUIDBits(high: 0x6F1D_6C0E_52B7_4A0E, low: 0x9C35_0D8A_41E7_B2F3)
}
