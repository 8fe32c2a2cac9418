import NIOCore

/// The web app's files, read once into memory. Only what is in this table can be asked for.
public struct StaticFiles: Sendable {
  private let files: [String: StaticFile]

  /// Reads a directory.
  ///
  /// - Parameters:
  ///   - directory: holds `index.html`, and hashed files under `app/assets/`. Beside a file there may be `file.br` and `file.gz`.
  ///   - connectSources: origins besides its own that the app calls, such as the auth service's.
  /// - Throws: `ServerError` when it cannot be read, has no `index.html`, or is larger than 64 MiB.
  public init(directory: String, connectSources: [String] = []) throws(ServerError) {
    let contents = try DirectoryReader.read(directory)
    let policy = SecurityHeaders.pagePolicy(connectSources: connectSources)
    var files: [String: StaticFile] = [:]
    for (path, bytes) in contents where !StaticFiles.isVariant(path, of: contents) {
      files[path] = StaticFile(
        path: path, plain: bytes, gzip: contents[path + ".gz"], brotli: contents[path + ".br"], policy: policy)
    }
    guard files[StaticFiles.page] != nil else { throw ServerError(.files, "there is no index.html in \(directory)") }
    self.files = files
  }

  private static let page = "index.html"
  /// Hashed files: one that is gone is not the page.
  private static let assets = ["app", "assets"]

  private static func isVariant(_ path: String, of contents: [String: ByteBuffer]) -> Bool {
    [".gz", ".br"].contains { path.hasSuffix($0) && contents[String(path.dropLast($0.count))] != nil }
  }

  /// The file of a path. The app's own paths are no files: `/` and all under `/app` show the page, which looks at the path itself.
  private func file(_ segments: [String]) -> StaticFile? {
    if let file = files[segments.joined(separator: "/")] { return file }
    let isPage = segments == [""] || (segments.first == "app" && !segments.starts(with: StaticFiles.assets))
    return isPage ? files[StaticFiles.page] : nil
  }

  func contains(_ segments: [String]) -> Bool { file(segments) != nil }

  func response(to request: Request, _ segments: [String]) -> Response? {
    file(segments)?.response(
      acceptEncoding: AcceptEncoding(request.headers.list("accept-encoding")),
      ifNoneMatch: request.headers.list("if-none-match"))
  }
}
