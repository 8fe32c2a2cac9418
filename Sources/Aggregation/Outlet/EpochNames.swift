import ChatDomain

/// Gives out epoch names: a random sequence determined by its seed, which the caller draws.
struct EpochNames: Sendable {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func next() -> Epoch { Epoch(bits: generator.next()) }
}
