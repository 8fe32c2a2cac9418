import ChatDomain
import DequeModule

/// How many windows a stream of messages fills: a message opens one for its chat and sender, which ends after three seconds or with its tenth message.
///
/// Exact, also in memory: a window is remembered for its three seconds only. Above `limit` open ones the oldest is forgotten early, which
/// makes this design look dearer than it is.
struct WindowCounter: Sendable {
  static let lengthMilliseconds: Int64 = 3_000
  static let size = 10
  static let limit = 100_000

  private struct Key: Hashable {
    let chat: ChatID
    let sender: UserID
  }

  private struct Window {
    let number: UInt64
    let endsAt: Int64
    var messages = 1
  }

  private var open: [Key: Window] = [:]
  private var order: Deque<(key: Key, number: UInt64, endsAt: Int64)> = []
  private var opened: UInt64 = 0

  var openCount: Int { order.count }

  /// - Returns: whether the message opens a window, which will cost one write.
  mutating func add(chat: ChatID, sender: UserID, now: Timestamp) -> Bool {
    while let first = order.first, first.endsAt <= now.milliseconds || order.count > WindowCounter.limit {
      order.removeFirst()
      if open[first.key]?.number == first.number { open[first.key] = nil }
    }
    let key = Key(chat: chat, sender: sender)
    if let window = open[key], window.messages < WindowCounter.size, window.endsAt > now.milliseconds {
      open[key]?.messages += 1
      return false
    }
    opened += 1
    // With a clock that was set back the order may end later than the window: it is only the reminder.
    let endsAt = now.milliseconds + WindowCounter.lengthMilliseconds
    open[key] = Window(number: opened, endsAt: endsAt)
    order.append((key, opened, endsAt))
    return true
  }
}
