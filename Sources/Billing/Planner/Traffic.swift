import ChatDomain

/// Who sent what when, as the planner replays it. Timing and sizes only.
public struct Traffic: Sendable {
  struct Send: Sendable {
    /// Milliseconds since 1970.
    var time: Int64
    let chat: Int32
    /// The sender's place in `seats`.
    let seat: Int32
    /// Bytes of text.
    let size: Int32
  }

  /// A person's membership in a chat.
  struct Seat: Sendable {
    let chat: Int32
    let person: Int32
  }

  private(set) var sends: [Send] = []
  /// Who has spoken in which chat, by first appearance.
  private(set) var seats: [Seat] = []
  /// Places in `seats`, by chat.
  private(set) var seatsOfChat: [[Int32]] = []
  private var seatNumbers: [UInt64: Int32] = [:]
  private var chats: [Int: Int32] = [:]
  private var people: [Int: Int32] = [:]

  public init() {}

  public var messageCount: Int { sends.count }
  public var chatCount: Int { seatsOfChat.count }
  public var personCount: Int { people.count }
  public var begin: Timestamp? { sends.first.map { Timestamp(milliseconds: $0.time) } }
  public var end: Timestamp? { sends.last.map { Timestamp(milliseconds: $0.time) } }

  /// Adds a message, which must not be earlier than the one before.
  /// - Parameters:
  ///   - time: milliseconds since 1970.
  ///   - chat: any number that names the chat.
  ///   - sender: any number that names the sender, the same in all chats.
  ///   - size: bytes of text.
  public mutating func add(time: Int64, chat: Int, sender: Int, size: Int) {
    let chatPlace = chats[chat] ?? Int32(chats.count)
    if Int(chatPlace) == chats.count {
      chats[chat] = chatPlace
      seatsOfChat.append([])
    }
    let person = people[sender] ?? Int32(people.count)
    if Int(person) == people.count { people[sender] = person }
    sends.append(
      Send(
        time: max(time, sends.last?.time ?? time), chat: chatPlace, seat: seatOrNew(of: person, in: chatPlace),
        size: Int32(clamping: size)))
  }

  /// Members of a chat: everybody who speaks in it, and at least two.
  func members(of chat: Int32) -> Int { max(2, seatsOfChat[Int(chat)].count) }

  /// nil for somebody who never speaks in the chat.
  func seat(of person: Int32, in chat: Int32) -> Int32? { seatNumbers[Traffic.key(person, chat)] }

  private mutating func seatOrNew(of person: Int32, in chat: Int32) -> Int32 {
    if let seat = seat(of: person, in: chat) { return seat }
    let seat = Int32(seats.count)
    seats.append(Seat(chat: chat, person: person))
    seatNumbers[Traffic.key(person, chat)] = seat
    seatsOfChat[Int(chat)].append(seat)
    return seat
  }

  private static func key(_ person: Int32, _ chat: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: person)) << 32 | UInt64(UInt32(bitPattern: chat))
  }

  /// For traces with whole seconds only, which make gaps look longer or shorter than they were: adds to each message a random number of milliseconds, 0 to 999, and
  /// keeps the order within one chat and second.
  ///
  /// The numbers are drawn in the order of the trace from `SeededGenerator(seed:)`; those of one chat and second are handed out in rising order.
  public func dithered(seed: UInt64) -> Traffic {
    var generator = SeededGenerator(seed: seed)
    var result = self
    var start = 0
    while start < sends.count {
      let second = sends[start].time
      var end = start
      var drawn: [Int32: [Int64]] = [:]
      while end < sends.count, sends[end].time == second {
        drawn[sends[end].chat, default: []].append(Int64(generator.below(1_000)))
        end += 1
      }
      for chat in drawn.keys { drawn[chat]?.sort(by: >) }
      for index in start..<end { result.sends[index].time += drawn[sends[index].chat]?.popLast() ?? 0 }
      start = end
    }
    // Stable, so that equal times stay in the order of the trace.
    result.sends.sort { $0.time < $1.time }
    return result
  }
}
