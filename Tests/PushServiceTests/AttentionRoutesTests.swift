import Aggregation
import ChatDomain
import HTTPServer
import Logging
import Metrics
import TestSupport
import Testing

@testable import PushService

@Suite(.timeLimit(.minutes(1))) struct AttentionRoutesTests {
  // Outside the macro: an interpolation within its arguments crashes the compiler of Swift 6.0.
  static let nineChats =
    "{\"channel\":\"stream\",\"viewing\":["
    + Array(repeating: "\"\(ChatID.number(1))\"", count: 9).joined(separator: ",")
    + "]}"
  let clock = MockClock()
  let responder: Responder
  static let path = "/attention/\(DeviceID.number(1))"

  init() {
    let service = PushService(
      channels: [(RecordingChannel(), .stream)], runners: [clock], seed: 1, metrics: MetricsRegistry())
    var routes = Routes()
    AttentionRoutes(attention: service) { _ in .number(1) }.add(to: &routes)
    responder = Responder(routes)
  }

  func put(_ body: String, path: String = path) async throws -> (status: Int, text: String, retry: String?) {
    let request = try Request(.PUT, path, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
    let responder = responder
    let response = try await clock.running { await responder.respond(to: request) }
    return (response.status.code, String(decoding: response.bytes, as: UTF8.self), response.headers["Retry-After"])
  }

  @Test("A lease is answered with epoch, number, lifetime and channel")
  func aLeaseIsAnsweredWithEpoch() async throws {
    let answer = try await put("{\"channel\":\"stream\",\"viewing\":[\"\(ChatID.number(1))\"]}")
    #expect(answer.status == 200)
    #expect(answer.text.hasPrefix("{\"epoch\":\""))
    #expect(answer.text.hasSuffix("\",\"seq\":0,\"expires_in\":60,\"channel\":\"stream\"}"))
  }

  @Test("Firestore is not configured: use the stream")
  func firestoreIsNotConfiguredUseThe() async throws {
    let answer = try await put("{\"channel\":\"firestore\",\"viewing\":[]}")
    #expect(answer.text == "{\"epoch\":null,\"seq\":0,\"expires_in\":0,\"channel\":\"stream\"}")
  }

  @Test("A second call within a second is one too many")
  func aSecondCallWithinASecond() async throws {
    _ = try await put("{\"channel\":\"stream\",\"viewing\":[]}")
    let answer = try await put("{\"channel\":\"stream\",\"viewing\":[]}")
    #expect(answer.status == 429)
    #expect(answer.text.contains("rate_limited"))
    #expect(answer.retry == "1")
    clock.advance(seconds: 1)
    #expect(try await put("{\"channel\":\"stream\",\"viewing\":[]}").status == 200)
  }

  @Test("An eleventh device does not look")
  func anEleventhDeviceDoesNotLook() async throws {
    for device in 1...10 {
      _ = try await put("{\"channel\":\"stream\",\"viewing\":[]}", path: "/attention/\(DeviceID.number(device))")
    }
    let answer = try await put("{\"channel\":\"stream\",\"viewing\":[]}", path: "/attention/\(DeviceID.number(11))")
    #expect(answer.status == 429)
  }

  @Test(
    "What is not a lease is refused, naming the field",
    arguments: [
      ("{\"channel\":\"pigeon\",\"viewing\":[]}", "channel"),
      ("{\"viewing\":[]}", "channel"),
      ("{\"channel\":\"stream\"}", "viewing"),
      ("{\"channel\":\"stream\",\"viewing\":[\"x\"]}", "viewing"),
      (nineChats, "viewing"),
    ])
  func refused(body: String, field: String) async throws {
    let answer = try await put(body)
    #expect(answer.status == 400)
    #expect(answer.text.contains(field))
  }

  @Test("A device is a UUID")
  func aDeviceIsAUUID() async throws {
    #expect(try await put("{\"channel\":\"stream\",\"viewing\":[]}", path: "/attention/mine").status == 400)
  }

  @Test("Ending a lease is answered without a body, whether or not there was one")
  func endingALeaseIsAnsweredWithout() async throws {
    let request = try Request(.DELETE, AttentionRoutesTests.path)
    #expect(await responder.respond(to: request).status == .noContent)
  }
}
