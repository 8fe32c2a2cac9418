/// When the people of a trace look at their chats, by a `LookingRule`.
struct Looks: Sendable {
  struct Change: Sendable {
    /// Milliseconds since 1970. A look begins before what happens at that moment, and ends after it.
    let time: Int64
    let seat: Int32
    let begins: Bool
  }

  /// By time.
  private(set) var changes: [Change] = []
  /// By message: whether anybody but the sender looks at the chat when it arrives.
  private(set) var isSeen: [Bool] = []

  init(of traffic: Traffic, by rule: LookingRule) {
    // Of each seat: the look that may still be prolonged.
    var open = [(begin: Int64, end: Int64)?](repeating: nil, count: traffic.seats.count)
    for send in traffic.sends {
      let (begin, end) = (send.time - rule.beforeSending, send.time + rule.afterSending)
      let seat = Int(send.seat)
      if let look = open[seat] {
        if begin <= look.end {
          open[seat] = (look.begin, end)
          continue
        }
        add(look, seat)
      }
      open[seat] = (begin, end)
    }
    for (seat, look) in open.enumerated() { if let look { add(look, seat) } }
    changes.sort { a, b in a.time != b.time ? a.time < b.time : a.begins && !b.begins }
    mark(traffic)
  }

  private mutating func add(_ look: (begin: Int64, end: Int64), _ seat: Int) {
    changes.append(Change(time: look.begin, seat: Int32(seat), begins: true))
    changes.append(Change(time: look.end, seat: Int32(seat), begins: false))
  }

  private mutating func mark(_ traffic: Traffic) {
    var looking = [Int](repeating: 0, count: traffic.chatCount)
    isSeen.reserveCapacity(traffic.messageCount)
    var next = 0
    for send in traffic.sends {
      while next < changes.count,
        changes[next].time < send.time || (changes[next].time == send.time && changes[next].begins)
      {
        looking[Int(traffic.seats[Int(changes[next].seat)].chat)] += changes[next].begins ? 1 : -1
        next += 1
      }
      // The sender is one of those who look.
      isSeen.append(looking[Int(send.chat)] > 1)
    }
  }
}
