import NIOCore
import NIOPosix
import Synchronization

/// At most so many connections to one server, opened when they are needed. Calls beyond wait for one.
public final class HTTPPool: Sendable {
  private struct State {
    var idle: [HTTPConnection] = []
    /// Open or being opened.
    var count = 0
    var waiting = CircularBuffer<CheckedContinuation<HTTPConnection?, Never>>()
  }

  public let endpoint: Endpoint
  public let group: any EventLoopGroup
  private let limit: Int
  private let state = Mutex(State())

  public init(_ endpoint: Endpoint, on group: any EventLoopGroup, connections limit: Int = 32) {
    self.endpoint = endpoint
    self.group = group
    self.limit = max(1, limit)
  }

  /// - Throws: `ClientError`.
  public func send(_ request: ClientRequest, limit: TimeAmount = .seconds(30)) async throws -> ClientAnswer {
    let connection = try await take()
    defer { give(back: connection) }
    return try await connection.send(request, limit: limit).get()
  }

  /// Closes what is idle; later calls open anew.
  public func close() {
    let idle = state.withLock { state in
      defer {
        state.count -= state.idle.count
        state.idle = []
      }
      return state.idle
    }
    for connection in idle { connection.close() }
  }

  private func take() async throws -> HTTPConnection {
    let handed: HTTPConnection? = await withCheckedContinuation { continuation in
      let (resumed, connection) = state.withLock { state -> (Bool, HTTPConnection?) in
        if let connection = state.idle.popLast() { return (true, connection) }
        if state.count < limit {
          state.count += 1
          return (true, nil)
        }
        state.waiting.append(continuation)
        return (false, nil)
      }
      if resumed { continuation.resume(returning: connection) }
    }
    if let handed, handed.isOpen { return handed }
    // The place is ours; its connection is not there, or dead.
    do {
      return try await HTTPConnection.open(endpoint, on: group).get()
    } catch {
      pass(nil)
      throw error
    }
  }

  private func give(back connection: HTTPConnection) { pass(connection.isOpen ? connection : nil) }

  /// Gives the place, with its connection if that lives, to who waits longest.
  private func pass(_ connection: HTTPConnection?) {
    let next = state.withLock { state -> CheckedContinuation<HTTPConnection?, Never>? in
      if let next = state.waiting.popFirst() { return next }
      if let connection { state.idle.append(connection) } else { state.count -= 1 }
      return nil
    }
    next?.resume(returning: connection)
  }
}
