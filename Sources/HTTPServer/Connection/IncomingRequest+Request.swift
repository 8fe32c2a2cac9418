extension IncomingRequest {
  /// What handlers see.
  /// - Throws: `Problem` for a target or a query that is refused.
  func request(id: String, client: ClientAddress) throws(Problem) -> Request {
    let target = try Target(head.uri)
    return Request(
      method: facts.method, path: target.path, query: target.query.isEmpty ? Query() : try Query(target.query),
      headers: Headers(head.headers), body: body, client: client, id: id, arrivedAt: arrivedAt)
  }
}
