import Logging
import Metrics
import NIOCore

/// Routes requests to handlers and turns what they throw into answers: the server without its sockets, for tests of services too.
public struct Responder: Sendable {
  /// What to do with a request.
  enum Plan: Sendable {
    /// The answer is known; nothing to wait for.
    case now(Response)
    case run(Int, Request)
  }

  private let routes: Routes
  private let table: RouteTable
  private let files: StaticFiles?
  private let crossOrigin: CrossOriginPolicy
  private let counters: RequestCounters
  private let logger: Logger

  public init(_ routes: Routes, logger: Logger = Logger(label: "http")) {
    self.init(routes, files: nil, crossOrigin: CrossOriginPolicy([]), metrics: MetricsRegistry(), logger: logger)
  }

  init(
    _ routes: Routes, files: StaticFiles?, crossOrigin: CrossOriginPolicy, metrics: MetricsRegistry, logger: Logger
  ) {
    self.routes = routes
    self.files = files
    self.crossOrigin = crossOrigin
    self.logger = logger
    table = RouteTable(routes.entries)
    counters = RequestCounters(routes, metrics)
  }

  /// Never fails: every error is an answer.
  public func respond(to request: Request) async -> Response {
    switch plan(request) {
    case .now(let response): response
    case .run(let route, let request): await run(route, request)
    }
  }

  /// Answers what needs no handler, and counts it.
  func plan(_ request: Request) -> Plan {
    let plan = match(request)
    if case .now(let response) = plan { note(response, to: request, route: nil) }
    return plan
  }

  private func match(_ request: Request) -> Plan {
    guard let segments = RouteTable.segments(of: request.path) else {
      return .now(answer(Problem.invalidRequest(reason: "the path is not well encoded"), to: request))
    }
    switch table.match(request.method, segments) {
    case .route(let route, let parameters):
      var request = request
      request.parameters = PathParameters(names: routes.entries[route].pattern.parameterNames, values: parameters)
      return .run(route, request)
    case .otherMethods(let allowed):
      return .now(request.method == .OPTIONS ? options(request, allowed) : refuse(request, allowed))
    case .nothing:
      return .now(file(request, segments) ?? answer(Problem.notFound, to: request))
    }
  }

  func run(_ route: Int, _ request: Request) async -> Response {
    let response: Response
    do {
      response = try await routes.entries[route].handler(request)
    } catch {
      response = answer(error, to: request)
    }
    note(response, to: request, route: route)
    return response
  }

  /// Counts what was refused before it was a request.
  func noteRefusal(_ problem: Problem, requestID: String) {
    counters.count(route: nil, status: problem.status.code, nanoseconds: 0)
    logger.debug("refused", metadata: ["code": "\(problem.code)", "request_id": "\(requestID)"])
  }

  private func note(_ response: Response, to request: Request, route: Int?) {
    let nanoseconds = NIODeadline.now().uptimeNanoseconds &- request.arrivedAt
    counters.count(route: route, status: response.status.code, nanoseconds: nanoseconds)
    logger.debug(
      "answered",
      metadata: [
        "method": "\(request.method)", "route": "\(route.map { routes.entries[$0].pattern.text } ?? "-")",
        "status": "\(response.status.code)", "microseconds": "\(nanoseconds / 1000)", "request_id": "\(request.id)",
      ])
  }

  private func answer(_ error: any Error, to request: Request) -> Response {
    if let problem = error as? Problem ?? routes.problem(error) { return problem.response(requestID: request.id) }
    // Our modules' errors hold nothing secret; what a decoder says may quote what the caller sent.
    let detail = error is DecodingError ? "" : String("\(error)".prefix(300))
    logger.warning(
      "a handler failed",
      metadata: ["error": "\(type(of: error))", "detail": "\(detail)", "request_id": "\(request.id)"])
    return Problem.internalError.response(requestID: request.id)
  }

  private func refuse(_ request: Request, _ allowed: [Method]) -> Response {
    answer(Problem.methodNotAllowed(allow: allowed), to: request)
  }

  private func options(_ request: Request, _ allowed: [Method]) -> Response {
    var response = Response.empty(.noContent, headers: ["Allow": allowed.map(\.rawValue).joined(separator: ", ")])
    crossOrigin.addPreflight(to: &response, request: request, allowed: allowed)
    return response
  }

  private func file(_ request: Request, _ segments: [String]) -> Response? {
    guard let files, files.contains(segments) else { return nil }
    switch request.method {
    case .GET, .HEAD: return files.response(to: request, segments)
    case .OPTIONS: return options(request, [.GET, .HEAD, .OPTIONS])
    default: return refuse(request, [.GET, .HEAD, .OPTIONS])
    }
  }
}
