import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPServer

/// The rules as transcripts: what happened, what was said.
struct ConnectionMachineTests {
  private let second: UInt64 = 1_000_000_000

  private func machine(_ change: (inout ServerLimits) -> Void = { _ in }) -> Transcript {
    var limits = ServerLimits()
    change(&limits)
    return Transcript(ConnectionMachine(limits: limits, now: 0))
  }

  private func head(_ uri: String = "/", _ fields: [(String, String)] = [], keepsAlive: Bool = true) -> HTTPRequestHead
  {
    HTTPRequestHead(
      version: .http1_1, method: .GET, uri: uri,
      headers: HTTPHeaders([("Host", "x")] + (keepsAlive ? [] : [("Connection", "close")]) + fields))
  }

  @Test func oneAfterTheOther() {
    let machine = machine()
    #expect(machine.request(head("/a")) == "answer /a")
    #expect(!machine.holdsReads)
    #expect(machine.request(head("/b")) == "none")
    #expect(machine.holdsReads)
    #expect(machine.answerBegins() == false)
    #expect(machine.answered(now: 0) == "answer /b")
    #expect(!machine.holdsReads)
    #expect(machine.answered(now: 0) == "none")
  }

  @Test func aRefusalWaitsForTheAnswersBeforeIt() {
    let machine = machine()
    machine.request(head("/a"))
    machine.request(head("/b"))
    #expect(machine.parsingFailed(.timeout) == "none")
    #expect(machine.dropsInput)
    #expect(machine.answered(now: 0) == "answer /b")
    #expect(machine.answered(now: 0) == "refuse timeout")
    #expect(machine.answerBegins())
    #expect(machine.answered(now: 0) == "linger")
  }

  @Test func continueIsSentWhenItsTurnHasCome() {
    let machine = machine()
    machine.request(head("/a"))
    #expect(machine.headArrived(head("/b", [("Expect", "100-continue"), ("Content-Length", "3")]), now: 0) == "none")
    #expect(machine.answered(now: 0) == "continue")
    #expect(machine.bodyArrived(ByteBuffer(string: "abc")) == "none")
    #expect(machine.requestEnded(now: 0) == "answer /b")
  }

  @Test func timeHeldBackIsNotTheClients() {
    let machine = machine()
    machine.request(head("/a"))
    machine.bytesArrived(now: 1)
    machine.headArrived(head("/b"), now: 1)
    #expect(machine.tick(now: 100 * second) == "none")
    #expect(machine.answered(now: 100 * second) == "none")
    #expect(machine.tick(now: 129 * second) == "none")
    #expect(machine.tick(now: 130 * second) == "refuse timeout")
  }

  @Test func idleConnectionsEnd() {
    let machine = machine()
    #expect(machine.tick(now: 74 * second) == "none")
    #expect(machine.tick(now: 75 * second) == "close")
  }

  @Test func theClientsCloseEndsItWithoutLingering() {
    let machine = machine()
    #expect(machine.request(head("/a", keepsAlive: false)) == "answer /a")
    #expect(machine.dropsInput)
    #expect(machine.answerBegins())
    #expect(machine.answered(now: 0) == "finish")
  }

  @Test func drainingLetsTheCurrentAnswerBeTheLast() {
    let idle = machine()
    #expect(idle.drain() == "linger")
    let busy = machine()
    busy.request(head("/a"))
    busy.request(head("/b"))
    #expect(busy.drain() == "none")
    #expect(busy.answerBegins())
    #expect(busy.answered(now: 0) == "linger")
  }

  @Test func bodiesAreBounded() {
    let machine = machine { $0.bodyBytes = 5 }
    machine.bytesArrived(now: 0)
    machine.headArrived(head("/", [("Transfer-Encoding", "chunked")]), now: 0)
    #expect(machine.bodyArrived(ByteBuffer(string: "abc")) == "none")
    #expect(machine.bodyArrived(ByteBuffer(string: "def")) == "refuse too_large")
    #expect(machine.bodyArrived(ByteBuffer(string: "ghi")) == "none")
    #expect(machine.requestEnded(now: 0) == "none")
  }

  @Test func aClosedInputEndsWhatIsIdleAndRefusesWhatIsHalf() {
    let idle = machine()
    #expect(idle.inputClosed() == "finish")
    let half = machine()
    half.bytesArrived(now: 0)
    #expect(half.inputClosed() == "refuse invalid_request")
    let busy = machine()
    busy.request(head("/a"))
    #expect(busy.inputClosed() == "none")
    #expect(busy.answered(now: 0) == "finish")
  }
}

/// The machine with its answers as words.
private final class Transcript {
  private var machine: ConnectionMachine

  init(_ machine: ConnectionMachine) { self.machine = machine }

  var holdsReads: Bool { machine.holdsReads }
  var dropsInput: Bool { machine.dropsInput }

  @discardableResult
  func request(_ head: HTTPRequestHead, now: UInt64 = 0) -> String {
    machine.bytesArrived(now: now)
    _ = machine.headArrived(head, now: now)
    return requestEnded(now: now)
  }

  func bytesArrived(now: UInt64) { machine.bytesArrived(now: now) }
  @discardableResult
  func headArrived(_ head: HTTPRequestHead, now: UInt64) -> String { word(machine.headArrived(head, now: now)) }
  func bodyArrived(_ part: ByteBuffer) -> String { word(machine.bodyArrived(part)) }
  func requestEnded(now: UInt64) -> String { word(machine.requestEnded(now: now)) }
  func parsingFailed(_ problem: Problem) -> String { word(machine.parsingFailed(problem)) }
  func inputClosed() -> String { word(machine.inputClosed()) }
  func answerBegins() -> Bool { machine.answerBegins() }
  func answered(now: UInt64) -> String { word(machine.answered(now: now)) }
  func tick(now: UInt64) -> String { word(machine.tick(now: now)) }
  func drain() -> String { word(machine.drain()) }

  private func word(_ action: ConnectionMachine.Action) -> String {
    switch action {
    case .none: "none"
    case .answer(let request): "answer \(request.head.uri)"
    case .refuse(let problem): "refuse \(problem.code)"
    case .sendContinue: "continue"
    case .close: "close"
    case .finish(let lingering): lingering ? "linger" : "finish"
    }
  }
}
