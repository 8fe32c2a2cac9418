/// Values by key, never more than `capacity`. When it is full, a new key takes the place of the most dispensable of sixteen neighbours, which a
/// hand that goes round picks: constant work, and over time the dispensable ones leave first.
struct BoundedKeys<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry: Sendable {
    let key: Key
    var value: Value
  }

  /// How many entries an eviction looks at.
  private static var neighbours: Int { 16 }

  private let capacity: Int
  private var places: [Key: Int] = [:]
  private var entries: [Entry] = []
  private var hand = 0

  init(capacity: Int) { self.capacity = max(1, capacity) }

  var count: Int { entries.count }

  subscript(key: Key) -> Value? { places[key].map { entries[$0].value } }

  /// - Parameter isMoreDispensable: whether the first value should leave before the second.
  mutating func put(_ value: Value, for key: Key, isMoreDispensable: (Value, Value) -> Bool) {
    if let place = places[key] {
      entries[place].value = value
      return
    }
    if entries.count >= capacity { evict(isMoreDispensable) }
    places[key] = entries.count
    entries.append(Entry(key: key, value: value))
  }

  mutating func remove(_ key: Key) {
    if let place = places[key] { remove(at: place) }
  }

  /// Looks at the next two entries and removes those that say nothing any more, so that memory shrinks again when a flood is over.
  mutating func tidy(isSpent: (Value) -> Bool) {
    for _ in 0..<2 where !entries.isEmpty {
      hand = hand < entries.count ? hand : 0
      if isSpent(entries[hand].value) { remove(at: hand) } else { hand += 1 }
    }
  }

  private mutating func evict(_ isMoreDispensable: (Value, Value) -> Bool) {
    var victim = hand < entries.count ? hand : 0
    for step in 1..<Self.neighbours {
      let place = (hand + step) % entries.count
      if isMoreDispensable(entries[place].value, entries[victim].value) { victim = place }
    }
    hand = (hand + Self.neighbours) % entries.count
    remove(at: victim)
  }

  private mutating func remove(at place: Int) {
    places[entries[place].key] = nil
    let last = entries.removeLast()
    guard place < entries.count else { return }
    entries[place] = last
    places[last.key] = place
  }
}
