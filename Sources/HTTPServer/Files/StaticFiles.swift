/// The web app's files, read once into memory. Only what is in this table can be asked for.
public struct StaticFiles: Sendable {
  /// Reads a directory.
  ///
  /// - Parameters:
  ///   - directory: holds `index.html`, and hashed files under `assets/`.
  ///   - connectSources: origins besides its own that the app calls, such as the auth service's.
  /// - Throws: `ServerError` when it cannot be read or has no `index.html`.
  public init(directory: String, connectSources: [String] = []) throws(ServerError) {
    throw ServerError(.files, "not read yet")
  }
}
