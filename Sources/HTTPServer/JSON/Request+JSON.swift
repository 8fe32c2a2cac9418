import NIOCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Request {
  /// The body as a `T`.
  ///
  /// - Throws: `Problem.invalidRequest` naming the field, whatever is wrong with the body; also what the decoding type throws itself as a
  ///   `Problem`.
  public func json<T: Decodable>(_ type: T.Type = T.self) throws(Problem) -> T {
    if let contentType = headers["content-type"], !Request.isJSON(contentType) {
      throw .invalidRequest(field: "Content-Type", reason: "must be application/json")
    }
    // Typed throws do not pass through NIO's closure: the problem travels as its result.
    let problem = body.withUnsafeReadableBytes { bytes -> Problem? in
      do throws(Problem) {
        try JSONScan.check(bytes.assumingMemoryBound(to: UInt8.self))
        return nil
      } catch {
        return error
      }
    }
    if let problem { throw problem }
    do {
      return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
    } catch {
      throw DecodingProblem.of(error)
    }
  }

  /// `application/json`, whatever its parameters.
  private static func isJSON(_ contentType: String) -> Bool {
    let type = contentType.prefix { $0 != ";" }.trimmingBlanks
    return type.lowercased() == "application/json"
  }
}
