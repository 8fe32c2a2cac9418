import ChatDomain
import Dispatch
import HTTPServer

extension ChatService {
  private struct Text: Decodable {
    let text: String
  }

  private struct Mark: Decodable {
    let message_id: TimeUUID
  }

  /// `GET /chat/{id}`
  func history(_ request: Request) async throws -> Response {
    let caller = try await authenticate(request)
    let chat = try request.chat()
    let quantity = try request.query.int("quantity", in: 1...200, default: 10)
    let before = try request.query.value("time", "a TimeUUID") { TimeUUID($0) }
    let after = try request.query.value("after", "a TimeUUID") { TimeUUID($0) }
    let range: HistoryRange
    switch (before, after) {
    case (nil, nil): range = .latest
    case (let id?, nil): range = .before(id)
    case (nil, let id?): range = .after(id)
    case (.some, .some): throw Problem.invalidRequest(field: "after", reason: "cannot stand beside time")
    }
    guard let page = try await store.history(of: chat, for: caller, range, quantity: quantity) else {
      throw Problem.chatNotFound
    }
    let json = JSONBytes.list("messages", page.elements, next: page.next?.description) { $0.message($1, for: caller) }
    metrics.page.recordNanoseconds(DispatchTime.now().uptimeNanoseconds - request.arrivedAt)
    return .json(bytes: json.bytes)
  }

  /// `POST /chat/{id}`
  func send(_ request: Request) async throws -> Response {
    let caller = try await authenticate(request)
    let chat = try request.chat()
    let key: IdempotencyKey? = try request.id(header: "Idempotency-Key")
    let device: DeviceID? = try request.id(header: "Caravan-Device")
    let body: Text = try request.json()
    let text = try TextRules.text(body.text)
    if let wait = sendLimit?.take(caller, now: request.arrivedAt) {
      metrics.refusedSends.add()
      throw Problem.rateLimited(
        retryAfter: max(1, Int(wait.components.seconds) + (wait.components.attoseconds > 0 ? 1 : 0)),
        detail: "at most \(settings.sendsPerSecond) messages a second, \(settings.sendBurst) at once")
    }
    let outcome = try await log.append(
      Send(chat: chat, sender: caller, text: text, key: key, device: device, acceptedAt: request.arrivedAt))
    switch outcome {
    case .appended(let message):
      metrics.send.recordNanoseconds(DispatchTime.now().uptimeNanoseconds - request.arrivedAt)
      return answer(message, for: caller, status: .created)
    case .repeated(let message): return answer(message, for: caller, status: .ok)
    case .keyReused: throw Problem.keyReused
    case .notAMember: throw Problem.chatNotFound
    }
  }

  /// `PUT /chat/{id}/read`
  func markRead(_ request: Request) async throws -> Response {
    let caller = try await authenticate(request)
    let chat = try request.chat()
    let body: Mark = try request.json()
    switch try await log.append(ReadMark(chat: chat, user: caller, upTo: body.message_id)) {
    case .done: return .empty(.noContent)
    case .noSuchMessage: throw Problem.invalidRequest(field: "message_id", reason: "is no message of this chat")
    case .notAMember: throw Problem.chatNotFound
    }
  }

  private func answer(_ message: Message, for caller: UserID, status: Status) -> Response {
    var json = JSONBytes(reservingCapacity: 320 + message.text.utf8.count)
    json.message(message, for: caller)
    return .json(bytes: json.bytes, status: status)
  }
}
