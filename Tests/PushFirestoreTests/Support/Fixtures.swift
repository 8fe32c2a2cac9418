import Aggregation
import ChatDomain

@testable import PushFirestore

extension Identifier {
  /// A version 4 id with a number in it.
  static func number(_ number: Int) -> Identifier {
    Identifier(UUIDBits(high: 0x4000, low: 0x8000_0000_0000_0000 | UInt64(number)))
  }
}

extension Instant {
  static func seconds(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }
}

let root = "projects/demo/databases/(default)/documents"

func item(_ text: String, chat: Int = 1, from sender: Int = 9, key: IdempotencyKey? = nil) -> NewsItem {
  NewsItem(
    message: Message(
      id: TimeUUID(ticks: TimeUUID.ticksBefore1970 + 10_000, tail: 0x8000_0000_0000_0001), chat: .number(chat),
      sender: .number(sender), text: text, key: key))
}

func aggregate(_ seq: UInt64, _ items: [NewsItem], reads: [ReadMark] = []) -> Aggregate {
  Aggregate(seq: seq, items: ContiguousArray(items), reads: reads)
}

func publication(
  _ aggregate: Aggregate, to user: Int = 1, epoch: UInt64 = 7, recent: [Aggregate] = [], isRetry: Bool = false
) -> Publication {
  Publication(
    ticket: PublishTicket(
      channel: .firestore, recipient: .number(user), base: BaseLine(epoch: Epoch(bits: epoch), seq: aggregate.seq)),
    aggregate: aggregate, recent: recent, audience: Audience(recipient: .number(user), connections: [], devices: 1),
    isRetry: isRetry)
}

func write(_ text: String = "hi", to user: Int, seq: UInt64 = 1, _ settings: FirestoreSettings) -> MailboxWrite {
  let publication = publication(aggregate(seq, [item(text)]), to: user)
  return MailboxWrite(.news(publication), ticket: publication.ticket, audience: publication.audience, settings)
}
