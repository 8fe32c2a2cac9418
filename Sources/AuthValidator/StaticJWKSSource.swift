/// Keys that never change while the process runs.
public struct StaticJWKSSource: JWKSSource {
  public let keys: JSONWebKeySet

  public init(_ keys: JSONWebKeySet) { self.keys = keys }

  public func refresh() async throws(JWKSError) -> JSONWebKeySet { keys }
}
