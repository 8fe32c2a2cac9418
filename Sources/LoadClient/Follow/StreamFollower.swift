import ChatDomain
import FoundationEssentials
import NIOCore
import Synchronization

/// A client that is to end with everything: holds a stream, reopens it, and reads what the stream did not bring.
public final class StreamFollower: Sendable {
  public typealias Fresh = @Sendable (_ message: WireMessage, _ receivedAt: NIODeadline) -> Void

  private struct Shell {
    var follower = FollowerState()
    var stream: EventStream?
    var isStopped = false
    var hasFailed: ClientError?
    /// Heads or pages that were asked for.
    var underWay = 0
  }

  private let api: APIClient
  public let session: UserSession
  private let device = DeviceID.random()
  private let onPushed: Fresh?
  private let shell = Mutex(Shell())
  private let actions: AsyncStream<FollowerState.Action>
  private let outlet: AsyncStream<FollowerState.Action>.Continuation

  /// - Parameter onPushed: called for every message that the stream brought first; must not block.
  public init(_ api: APIClient, _ session: UserSession, onPushed: Fresh? = nil) {
    self.api = api
    self.session = session
    self.onPushed = onPushed
    // Two for each of a user's chats: it never fills.
    (actions, outlet) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(4_096))
  }

  public var state: FollowerState { shell.withLock { $0.follower } }
  public var counts: FollowerCounts { shell.withLock { $0.follower.counts } }
  public var heldCount: Int { shell.withLock { $0.follower.held.values.reduce(0) { $0 + $1.count } } }
  /// Has caught up and asks for nothing.
  public var isSettled: Bool { shell.withLock { $0.follower.isSettled && $0.underWay == 0 } }
  /// Why it gave up; nil while it goes on.
  public var failure: ClientError? { shell.withLock { $0.hasFailed } }

  /// Follows until `stop`, or until the server refuses for good.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.act() }
      await self.hold()
      self.outlet.finish()
    }
  }

  public func stop() {
    let stream = shell.withLock { shell in
      shell.isStopped = true
      return shell.stream
    }
    stream?.close()
  }

  /// Keeps a stream open.
  private func hold() async {
    while !shell.withLock({ $0.isStopped }), !Task.isCancelled {
      do {
        try await open()
      } catch let error as ClientError where error.isPassing || error.status == 401 {
        try? await Task.sleep(for: .milliseconds(Int.random(in: 50...200)))
      } catch {
        fail(error)
      }
    }
  }

  /// Opens a stream and waits for its end.
  private func open() async throws {
    let last = shell.withLock { $0.follower.lastEventID }
    let token = try await session.token(api)
    let stream = try await EventStream.open(
      api.pool.endpoint, token: token, device: device, lastEventID: last, on: api.pool.group
    ) { [self] event in receive(event, resumed: last != nil) }.get()
    let isStopped = shell.withLock { shell in
      shell.stream = stream
      return shell.isStopped
    }
    if isStopped { stream.close() }
    await stream.closed()
  }

  private func receive(_ event: ServerSentEvent, resumed: Bool) {
    let now = NIODeadline.now()
    let data = Data(event.data.utf8)
    do {
      switch event.event {
      case "ready":
        let line = try JSONDecoder().decode(WireBaseLine.self, from: data)
        apply { ($0.received(ready: line, resumed: resumed), []) }
      case "resync":
        let line = try JSONDecoder().decode(WireBaseLine.self, from: data)
        apply { ($0.received(resync: line), []) }
      case "news":
        let news = try JSONDecoder().decode(WireNews.self, from: data)
        for message in apply({ $0.received(news) }) { onPushed?(message, now) }
      default: break
      }
    } catch {
      fail(ClientError(.malformed, "event \(event.event): \(error)"))
    }
  }

  /// Lets the state decide, and passes its actions on.
  @discardableResult
  private func apply(
    finishes: Bool = false, _ body: (inout FollowerState) -> (actions: [FollowerState.Action], fresh: [WireMessage])
  ) -> [WireMessage] {
    let (actions, fresh, stream) = shell.withLock { shell in
      let (actions, fresh) = body(&shell.follower)
      shell.underWay += actions.count { $0 != .reopen } - (finishes ? 1 : 0)
      return (actions, fresh, shell.stream)
    }
    for action in actions {
      if action == .reopen { stream?.close() } else { outlet.yield(action) }
    }
    return fresh
  }

  private func act() async {
    for await action in actions {
      do {
        switch action {
        case .catchUp(let run):
          let heads = try await api.heads(session)
          apply(finishes: true) { ($0.received(heads: heads, run: run), []) }
        case .read(let chat, let after, let run):
          let page = try await api.page(of: chat, after: after, session)
          apply(finishes: true) { $0.received(page, of: chat, run: run) }
        case .reopen: break
        }
      } catch let error as ClientError {
        fail(error)
      } catch {
        fail(ClientError(.malformed, "\(error)"))
      }
    }
  }

  private func fail(_ error: any Error) {
    let error = error as? ClientError ?? ClientError(.malformed, "\(error)")
    shell.withLock { $0.hasFailed = $0.hasFailed ?? error }
    stop()
  }
}
