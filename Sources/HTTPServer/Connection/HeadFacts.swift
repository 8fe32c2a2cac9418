import NIOHTTP1

/// What a request's head says about the connection and the body, gathered in one pass over its fields.
struct HeadFacts: Sendable {
  private(set) var method: Method = .GET
  /// Bytes of request line and fields.
  private(set) var bytes = 0
  private(set) var expectsContinue = false
  /// An upgrade was asked for: after its request the parser reads no further, so the connection ends with the answer.
  private(set) var wantsUpgrade = false
  private(set) var origin: String?
  private(set) var requestID: String?
  private(set) var contentLength: Int?
  private var transferEncoding: String?
  private var hosts = 0

  /// - Throws: `Problem` for what is refused before the body is read.
  init(_ head: HTTPRequestHead, limits: ServerLimits) throws(Problem) {
    // The method, two blanks, the version and the line break.
    bytes = head.uri.utf8.count + 20
    for (name, value) in head.headers {
      bytes += name.utf8.count + value.utf8.count + 4
      try note(name, value)
    }
    guard bytes <= limits.headBytes else { throw .headersTooLarge(limit: limits.headBytes) }
    guard let method = Method(rawValue: head.method.rawValue) else {
      throw .methodNotAllowed(allow: Method.allCases)
    }
    self.method = method
    let isHTTP11 = head.version.minor >= 1
    guard hosts == 1 || (hosts == 0 && !isHTTP11) else {
      throw .invalidRequest(field: "Host", reason: "must be given once")
    }
    if let transferEncoding {
      // Two ways to say where the body ends: somebody between us may have believed the other one.
      guard contentLength == nil, isHTTP11, transferEncoding.lowercased() == "chunked" else {
        throw .invalidRequest(field: "Transfer-Encoding", reason: "must be chunked, without Content-Length")
      }
    }
    if let contentLength, contentLength > limits.bodyBytes { throw .tooLarge(limit: limits.bodyBytes) }
    if !isHTTP11 { expectsContinue = false }
  }

  private mutating func note(_ name: String, _ value: String) throws(Problem) {
    switch name.utf8.count {
    case 4 where name.isHeader("host"): hosts += 1
    case 6 where name.isHeader("origin"): origin = value
    case 6 where name.isHeader("expect"): expectsContinue = value.lowercased() == "100-continue"
    case 7 where name.isHeader("upgrade"): wantsUpgrade = true
    case 12 where name.isHeader("x-request-id"): if HeadFacts.isRequestID(value) { requestID = value }
    case 14 where name.isHeader("content-length"):
      guard contentLength == nil, !value.isEmpty, value.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let length = Int(value)
      else { throw .invalidRequest(field: "Content-Length", reason: "must be one number") }
      contentLength = length
    case 17 where name.isHeader("transfer-encoding"):
      transferEncoding = transferEncoding.map { "\($0), \(value)" } ?? value
    default: break
    }
  }

  /// 1 to 64 of `A-Za-z0-9_.-`.
  static func isRequestID(_ text: String) -> Bool {
    1...64 ~= text.utf8.count
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"): true
        default: false
        }
      }
  }
}
