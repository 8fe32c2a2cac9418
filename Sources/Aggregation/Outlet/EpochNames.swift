import ChatDomain

/// Gives out epoch names: a random sequence determined by its seed, which the caller draws.
struct EpochNames: Sendable {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func next() -> Epoch { Epoch(bits: generator.next()) }
}
