/// What an Argon2id hash costs. One lane always: libsodium has no more.
///
/// The default is OWASP's first choice (Password Storage Cheat Sheet: m = 19 MiB, t = 2, p = 1). More memory hurts an attacker with graphics cards most:
/// 46 MiB and up where there is room, for every hash that runs at a time takes that much.
public struct Argon2Parameters: Sendable, Hashable {
  /// Passes over the memory.
  public let passes: UInt64
  /// Bytes.
  public let memory: Int

  /// Never below one pass, nor outside 8 MiB to 256 MiB.
  public init(passes: Int = 2, memory: Int = 19 * 1024 * 1024) {
    self.passes = UInt64(min(max(1, passes), 16))
    self.memory = min(max(8 * 1024 * 1024, memory), Argon2Parameters.maximumMemory)
  }

  /// A stored hash that asks for more is not computed, bytes.
  static let maximumMemory = 256 * 1024 * 1024
}
