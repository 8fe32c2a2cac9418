import NIOCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Request {
  /// The body as a `T`.
  ///
  /// - Throws: `Problem.invalidRequest` naming the field, whatever is wrong with the body.
  public func json<T: Decodable>(_ type: T.Type = T.self) throws(Problem) -> T {
    do {
      return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
    } catch {
      throw .invalidRequest(reason: "the body is not valid")
    }
  }
}
