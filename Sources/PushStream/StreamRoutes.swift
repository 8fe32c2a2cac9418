import ChatDomain
import HTTPServer

/// `GET /stream?device=`: opens the event stream of a device.
public struct StreamRoutes: Sendable {
  /// Who calls; throws a `Problem` for nobody that we know.
  public typealias Authenticate = @Sendable (Request) async throws -> StreamCaller

  private let channel: StreamChannel
  private let runner: any SerialRunner
  private let authenticate: Authenticate
  private let now: @Sendable () -> Timestamp

  /// - Parameter now: the wall clock that tokens expire by.
  public init(
    channel: StreamChannel, runner: any SerialRunner, now: @escaping @Sendable () -> Timestamp,
    authenticate: @escaping Authenticate
  ) {
    self.channel = channel
    self.runner = runner
    self.now = now
    self.authenticate = authenticate
  }

  public func add(to routes: inout Routes) {
    routes.on(.GET, "/stream") { [self] request in try await open(request) }
  }

  private func open(_ request: Request) async throws -> Response {
    let caller = try await authenticate(request)
    guard let device = try request.query.value("device", "a UUID", parse: { DeviceID($0) }) else {
      throw Problem.invalidRequest(field: "device", reason: "is missing in the query")
    }
    guard let owner = channel.owner, !channel.isDraining else {
      throw Problem.unavailable(retryAfter: 1, detail: "the server is closing")
    }
    guard await owner.mayOpen(.stream, user: caller.user, device: device) else {
      throw Problem(
        "too_many_streams", status: .tooManyRequests, title: "Too many streams",
        detail: "at most \(ChatLimits.devicesPerUser) devices of one user look at a time", retryAfter: 60)
    }
    // An id that is none of ours is like one of another epoch: the client is told to read again.
    let resuming = request.headers["Last-Event-ID"].map { BaseLine($0) ?? BaseLine(epoch: Epoch(bits: 0), seq: 0) }
    let remaining = max(0, caller.tokenExpiresAt.milliseconds - now().milliseconds)
    let expiresAt = runner.now + UInt64(min(remaining, 86_400_000)) * 1_000_000
    let channel = channel
    return .eventStream { stream in
      channel.opened(stream, user: caller.user, device: device, expiresAt: expiresAt, resuming: resuming)
    }
  }
}
