import Crypto
import Synchronization

/// Remembers verified tokens by their SHA-256, because an Ed25519 verification costs a hundred times a hash. Holds no token.
///
/// Two generations: a full young one becomes the old one, which drops the one before; a hit in the old one moves to the young one. So it never
/// holds more than twice its capacity, costs O(1), and keeps what is in use. Striped, so that cores do not wait for each other.
final class VerifiedTokenCache: Sendable {
  /// The SHA-256 of a token.
  struct Key: Hashable, Sendable {
    let words: (UInt64, UInt64, UInt64, UInt64)

    init(_ token: UnsafeBufferPointer<UInt8>) {
      var hash = SHA256()
      hash.update(bufferPointer: UnsafeRawBufferPointer(token))
      words = hash.finalize().withUnsafeBytes { $0.loadUnaligned(as: (UInt64, UInt64, UInt64, UInt64).self) }
    }

    static func == (a: Key, b: Key) -> Bool { a.words == b.words }

    /// One word of a cryptographic hash is as good a hash as any.
    func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
  }

  struct Entry: Sendable {
    let claims: AccessTokenClaims
    /// What it was verified with: another set of keys ends the entry.
    let keys: JSONWebKeySet
  }

  private struct Generations {
    var young: [Key: Entry] = [:]
    var old: [Key: Entry] = [:]
  }

  private final class Stripe: Sendable {
    let generations = Mutex(Generations())
  }

  private let stripes: [Stripe]
  private let capacityOfStripe: Int

  /// - Parameter capacity: tokens of one generation.
  init(capacity: Int) {
    stripes = (0..<16).map { _ in Stripe() }
    capacityOfStripe = max(1, capacity / 16)
  }

  func entry(for key: Key) -> Entry? {
    stripe(of: key).generations.withLock { generations in
      if let entry = generations.young[key] { return entry }
      guard let entry = generations.old[key] else { return nil }
      put(entry, for: key, into: &generations)
      return entry
    }
  }

  func insert(_ entry: Entry, for key: Key) {
    stripe(of: key).generations.withLock { put(entry, for: key, into: &$0) }
  }

  /// How many tokens it holds, those in both generations twice.
  var count: Int {
    stripes.reduce(0) { sum, stripe in sum + stripe.generations.withLock { $0.young.count + $0.old.count } }
  }

  private func put(_ entry: Entry, for key: Key, into generations: inout Generations) {
    if generations.young.count >= capacityOfStripe {
      generations.old = generations.young
      generations.young = [:]
      generations.young.reserveCapacity(capacityOfStripe)
    }
    generations.young[key] = entry
  }

  private func stripe(of key: Key) -> Stripe { stripes[Int(key.words.1 & 15)] }
}
