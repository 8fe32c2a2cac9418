import NIOCore
import NIOHTTP1

/// The rules of one connection: requests are answered one after the other, everything is bounded, and every wait has an end.
///
/// A pure value. `now` is in nanoseconds of the monotonic clock. Every event returns the one thing to do; after `.answer` and `.refuse` the
/// shell reports `answered` when the answer has been handed to the socket's queue.
struct ConnectionMachine: Sendable {
  enum Action: Sendable {
    case none
    /// Hand it to the routes.
    case answer(IncomingRequest)
    /// Write the problem; the connection closes after it.
    case refuse(Problem)
    case sendContinue
    /// End it, nothing more to write.
    case close
    /// All is answered: close once it is written. `lingering`: the client may still be sending, and closing at once would destroy the answer
    /// on its way.
    case finish(lingering: Bool)
  }

  private enum Receiving: Sendable {
    /// Between requests, or before the first.
    case idle(since: UInt64)
    case head(since: UInt64)
    /// `since`: as for the head, or since reads are no longer held.
    case body(IncomingRequest, since: UInt64)
    /// What still arrives is dropped.
    case ended
  }

  private enum Waiting: Sendable {
    case request(IncomingRequest)
    case refusal(Problem)
  }

  private let limits: ServerLimits
  private var receiving: Receiving
  /// Behind the one being answered; at most `limits.pipelinedRequests` and a refusal.
  private var queue: [Waiting] = []
  private var isAnswering = false
  /// The current answer is the last.
  private var closesAfterAnswer = false
  private var wasRefused = false
  private var isDraining = false
  private(set) var inputIsClosed = false

  init(limits: ServerLimits, now: UInt64) {
    self.limits = limits
    receiving = .idle(since: now)
  }

  /// A head is arriving: the limit on its bytes applies.
  var isReceivingHead: Bool {
    switch receiving {
    case .idle, .head: true
    case .body, .ended: false
    }
  }

  /// One request ahead is read while one is being answered, so that an ordinary client costs no extra system call; no more.
  var holdsReads: Bool {
    guard isAnswering else { return false }
    switch receiving {
    case .idle: return !queue.isEmpty
    case .head, .body, .ended: return true
    }
  }

  /// Nothing that arrives matters any more.
  var dropsInput: Bool {
    if case .ended = receiving { true } else { false }
  }

  // MARK: What arrives

  mutating func bytesArrived(now: UInt64) {
    if case .idle = receiving { receiving = .head(since: now) }
  }

  mutating func headArrived(_ head: HTTPRequestHead, now: UInt64) -> Action {
    let since: UInt64
    switch receiving {
    case .idle: since = now
    case .head(let start): since = start
    case .body, .ended: return .none
    }
    do throws(Problem) {
      let facts = try HeadFacts(head, limits: limits)
      receiving = .body(IncomingRequest(head: head, facts: facts, arrivedAt: since), since: since)
      // Behind another answer it would be taken for a part of that: `answered` sends it then.
      return facts.expectsContinue && !isAnswering ? .sendContinue : .none
    } catch {
      return refuse(error)
    }
  }

  mutating func bodyArrived(_ part: ByteBuffer) -> Action {
    guard case .body(var request, let since) = receiving else { return .none }
    // Taken out, so that the bytes are not copied with the value.
    receiving = .ended
    guard request.body.readableBytes + part.readableBytes <= limits.bodyBytes else {
      return refuse(.tooLarge(limit: limits.bodyBytes))
    }
    if request.body.readableBytes == 0 { request.body = part } else { request.body.writeImmutableBuffer(part) }
    receiving = .body(request, since: since)
    return .none
  }

  mutating func requestEnded(now: UInt64) -> Action {
    guard case .body(let request, _) = receiving else { return .none }
    receiving = request.keepsAlive ? .idle(since: now) : .ended
    guard isAnswering else { return start(request) }
    guard queue.count < limits.pipelinedRequests else {
      receiving = .ended
      wasRefused = true
      return .none
    }
    queue.append(.request(request))
    return .none
  }

  /// What arrived is no HTTP, or too large to be read on.
  mutating func parsingFailed(_ problem: Problem) -> Action {
    if case .ended = receiving { return .none }
    return refuse(problem)
  }

  /// The client sends nothing more; it may still read.
  mutating func inputClosed() -> Action {
    inputIsClosed = true
    switch receiving {
    case .idle: receiving = .ended
    case .head, .body: return refuse(.invalidRequest(reason: "the request ends in the middle"))
    case .ended: break
    }
    return isAnswering ? .none : .finish(lingering: false)
  }

  // MARK: What goes out

  /// The head of the current answer is being written.
  /// - Returns: whether the connection ends with it; then the head must say so.
  mutating func answerBegins() -> Bool {
    if isDraining, !closesAfterAnswer {
      closesAfterAnswer = true
      // The next request may be on its way.
      wasRefused = true
      receiving = .ended
    }
    return closesAfterAnswer
  }

  mutating func answered(now: UInt64) -> Action {
    isAnswering = false
    if closesAfterAnswer { return .finish(lingering: wasRefused && !inputIsClosed) }
    if !queue.isEmpty {
      switch queue.removeFirst() {
      case .request(let request):
        if queue.isEmpty { restartClock(now) }
        return start(request)
      case .refusal(let problem):
        isAnswering = true
        closesAfterAnswer = true
        return .refuse(problem)
      }
    }
    restartClock(now)
    if case .ended = receiving { return .finish(lingering: wasRefused && !inputIsClosed) }
    if case .body(let request, _) = receiving, request.facts.expectsContinue, request.body.readableBytes == 0 {
      return .sendContinue
    }
    return .none
  }

  /// The connection is no longer ours: an event stream took it.
  mutating func handedOver() {
    receiving = .ended
    queue = []
  }

  // MARK: Time and draining

  mutating func tick(now: UInt64) -> Action {
    if isAnswering { return .none }
    switch receiving {
    case .idle(let since) where now &- since >= limits.idleTime.nanoseconds: return .close
    case .head(let since) where now &- since >= limits.arrivalTime.nanoseconds: return refuse(.timeout)
    case .body(_, let since) where now &- since >= limits.arrivalTime.nanoseconds: return refuse(.timeout)
    case .idle, .head, .body, .ended: return .none
    }
  }

  mutating func drain() -> Action {
    isDraining = true
    if case .idle = receiving, !isAnswering { return .finish(lingering: true) }
    return .none
  }

  /// Answers a problem, after what is being answered already, and reads no further.
  mutating func refuse(_ problem: Problem) -> Action {
    receiving = .ended
    wasRefused = true
    if isAnswering {
      queue.append(.refusal(problem))
      return .none
    }
    isAnswering = true
    closesAfterAnswer = true
    return .refuse(problem)
  }

  private mutating func start(_ request: IncomingRequest) -> Action {
    isAnswering = true
    closesAfterAnswer = !request.keepsAlive
    // Nothing can follow, now or later: say so in the answer.
    if queue.isEmpty, case .ended = receiving { closesAfterAnswer = true }
    return .answer(request)
  }

  /// While reads were held, the client could not be quicker.
  private mutating func restartClock(_ now: UInt64) {
    switch receiving {
    case .idle: receiving = .idle(since: now)
    case .head: receiving = .head(since: now)
    case .body(let request, _): receiving = .body(request, since: now)
    case .ended: break
    }
  }
}

extension Duration {
  /// Whole nanoseconds; negative ones are 0, centuries are cut.
  var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return UInt64(min(seconds, 1 << 33)) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000
  }
}
