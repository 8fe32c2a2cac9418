/// Where the keys come from.
///
/// Contract. `keys` is cheap and never waits; the same object for as long as nothing changed. `refresh` is called when a token names a key that
/// `keys` lacks; it may answer with what is held already, if it asked only just now, and bounds by itself how often it asks.
public protocol JWKSSource: Sendable {
  var keys: JSONWebKeySet { get }

  /// The keys, asked for again if that is due. Throws when they could not be had: then a key that `keys` lacks may exist all the same.
  func refresh() async throws(JWKSError) -> JSONWebKeySet
}
