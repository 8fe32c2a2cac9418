import ChatDomain
import HTTPServer

/// `PUT` and `DELETE /attention/{device}`: which device looks at what.
///
/// A lease on a chat that the user is not a member of is accepted and has no effect: news only ever comes to a chat's members.
public struct AttentionRoutes: Sendable {
  /// Who calls; throws a `Problem` for nobody that we know.
  public typealias Authenticate = @Sendable (Request) async throws -> UserID

  private struct Body: Decodable {
    let channel: String
    let viewing: [ChatID]
  }

  private let attention: any AttentionSource
  private let limit: CallLimit?
  private let authenticate: Authenticate

  /// Calls of one user over all their devices: ten devices renew every 25 s, and somebody who leafs through chats calls once a second.
  private static let burst = 40
  private static let interval = Duration.milliseconds(500)

  /// - Parameter isLimited: whether calls are limited for each user, beside the one a second of each device.
  public init(attention: any AttentionSource, isLimited: Bool = true, authenticate: @escaping Authenticate) {
    self.attention = attention
    self.authenticate = authenticate
    limit = isLimited ? CallLimit(burst: AttentionRoutes.burst, interval: AttentionRoutes.interval) : nil
  }

  public func add(to routes: inout Routes) {
    routes.on(.PUT, "/attention/{device}") { [self] request in try await renew(request) }
    routes.on(.DELETE, "/attention/{device}") { [self] request in
      let user = try await admit(request)
      await attention.end(device: try device(request), of: user, on: nil)
      return .empty(.noContent)
    }
  }

  private func renew(_ request: Request) async throws -> Response {
    let user = try await admit(request)
    let device = try device(request)
    let body: Body = try request.json()
    guard let channel = ChannelName(rawValue: body.channel) else {
      throw Problem.invalidRequest(field: "channel", reason: "must be stream or firestore")
    }
    guard body.viewing.count <= ChatLimits.viewedChats else {
      throw Problem.invalidRequest(field: "viewing", reason: "must have at most \(ChatLimits.viewedChats) chats")
    }
    let lease = Lease(user: user, device: device, channel: channel, viewing: body.viewing)
    switch try await attention.renew(lease) {
    case .tooSoon: throw Problem.rateLimited(retryAfter: 1, detail: "one lease call a second for each device")
    case .tooManyDevices:
      throw Problem.rateLimited(
        retryAfter: 60, detail: "at most \(ChatLimits.devicesPerUser) devices of one user look at a time")
    case .taken(let epoch, let seq, let seconds, let channel):
      // An epoch's name and a channel's need no escapes.
      let name = epoch.map { "\"\($0)\"" } ?? "null"
      let text =
        "{\"epoch\":\(name),\"seq\":\(seq),\"expires_in\":\(seconds),\"channel\":\"\(channel.rawValue)\"}"
      return .json(bytes: text.utf8)
    }
  }

  private func admit(_ request: Request) async throws -> UserID {
    let user = try await authenticate(request)
    guard limit?.take(user, now: request.arrivedAt) ?? true else {
      throw Problem.rateLimited(retryAfter: 1, detail: "too many lease calls of one user")
    }
    return user
  }

  private func device(_ request: Request) throws(Problem) -> DeviceID {
    try request.parameters.require("device") { DeviceID($0) }
  }
}
