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
    let scanned = body.withUnsafeReadableBytes { bytes -> Result<String?, Problem> in
      do throws(Problem) {
        return .success(try JSONScan.check(bytes.assumingMemoryBound(to: UInt8.self)))
      } catch {
        return .failure(error)
      }
    }
    let oddNumber = try scanned.get()
    do {
      return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
    } catch {
      throw DecodingProblem.of(error, oddNumber: oddNumber)
    }
  }

  /// `application/json`, whatever its parameters.
  private static func isJSON(_ contentType: String) -> Bool {
    let type = contentType.prefix { $0 != ";" }.trimmingBlanks
    return type.lowercased() == "application/json"
  }
}
