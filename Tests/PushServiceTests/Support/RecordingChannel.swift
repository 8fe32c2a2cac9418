import ChatDomain
import Synchronization

/// A channel that writes down what it is told, and answers as the test says.
final class RecordingChannel: PushChannel {
  let name: ChannelName
  private let outcome: PublishOutcome?
  private let state = Mutex<(lines: [String], publications: [Publication])>(([], []))

  /// - Parameter outcome: of every publication at once; nil: the test settles them.
  init(_ name: ChannelName = .stream, outcome: PublishOutcome? = .published) {
    self.name = name
    self.outcome = outcome
  }

  var lines: [String] { state.withLock { $0.lines } }
  var publications: [Publication] { state.withLock { $0.publications } }

  private func note(_ line: String) { state.withLock { $0.lines.append(line) } }

  func publish(_ publication: Publication) -> PublishOutcome? {
    let texts = publication.aggregate.items.map(\.message.text).joined(separator: ",")
    note("\(number(publication.audience.recipient)) #\(publication.aggregate.seq) \(texts)")
    state.withLock { $0.publications.append(publication) }
    return outcome
  }

  func announce(_ base: BaseLine, to audience: Audience) { note("\(number(audience.recipient)) resync") }

  func hint(_ receipt: ReadMark, to audience: Audience) { note("\(number(audience.recipient)) read") }

  func begin(_ connection: ConnectionID, at base: BaseLine, with beginning: Beginning) {
    switch beginning {
    case .fresh: note("begin \(connection.number)")
    case .resync: note("begin \(connection.number) resync")
    case .replay(let missed): note("begin \(connection.number) replay \(missed.count)")
    }
  }

  func cut(_ connection: ConnectionID, because reason: CutReason) { note("cut \(connection.number)") }
}

private func number(_ user: UserID) -> UInt64 { user.bits.low & 0xFFFF_FFFF }
