import NIOCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Response {
  /// - Throws: what encoding throws; a mistake of ours, answered 500.
  public static func json(_ value: some Encodable, status: Status = .ok, headers: Headers = [:]) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return .json(bytes: try encoder.encode(value), status: status, headers: headers)
  }
}
