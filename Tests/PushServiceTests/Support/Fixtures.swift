import ChatDomain

extension Identifier {
  /// A version 4 id with a number in it.
  static func number(_ number: Int) -> Identifier {
    Identifier(UUIDBits(high: 0x4000, low: 0x8000_0000_0000_0000 | UInt64(number)))
  }
}

func delivery(
  _ text: String, to users: [Int], chat: Int = 1, from sender: Int = 9, key: IdempotencyKey? = nil,
  device: Int? = nil, acceptedAt: UInt64 = 0
) -> Delivery {
  let message = Message(
    id: TimeUUID(ticks: TimeUUID.ticksBefore1970 + 10_000, tail: 0x8000_0000_0000_0001), chat: .number(chat),
    sender: .number(sender), text: text, key: key)
  return Delivery(
    news: .message(message), recipients: users.map { .number($0) }, senderDevice: device.map { .number($0) },
    acceptedAt: acceptedAt)
}

func receipt(of reader: Int, chat: Int = 1, to users: [Int]) -> Delivery {
  Delivery(
    news: .read(chat: .number(chat), user: .number(reader), upTo: TimeUUID(ticks: 7, tail: 0)),
    recipients: users.map { .number($0) })
}
