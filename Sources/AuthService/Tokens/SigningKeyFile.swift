#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The file that holds the signing keys: readable by its owner only, and never half-written.
public struct SigningKeyFile: Sendable {
  public let path: String

  /// More than a key file can be, bytes.
  private static let maximumBytes = 64 * 1024

  public init(path: String) { self.path = path }

  /// Reads the keys; makes the file with one new key if there is none. Of processes that start at the same moment one makes it, and all read that.
  /// - Throws: `SigningKeyError`.
  public func loadOrCreate() throws(SigningKeyError) -> SigningKeys {
    if let keys = try load() { return keys }
    let temporary = try writeBeside(SigningKeys().document())
    defer { unlink(temporary) }
    // Unlike rename, link never replaces a file that another process has made meanwhile.
    guard link(temporary, path) == 0 || errno == EEXIST else { throw failure(.unwritable, "cannot be created") }
    try syncFolder()
    guard let keys = try load() else { throw failure(.unreadable, "cannot be read after it was created") }
    return keys
  }

  /// Adds a key that signs from the next start on.
  /// - Throws: `SigningKeyError`.
  @discardableResult
  public func rotate() throws(SigningKeyError) -> SigningKeys {
    let keys = try loadOrCreate().rotated()
    let temporary = try writeBeside(keys.document())
    guard rename(temporary, path) == 0 else {
      unlink(temporary)
      throw failure(.unwritable, "cannot be replaced")
    }
    try syncFolder()
    return keys
  }

  /// nil if there is no file.
  private func load() throws(SigningKeyError) -> SigningKeys? {
    // No symbolic link, and no waiting for a pipe.
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      if errno == ENOENT { return nil }
      throw failure(.unreadable, "cannot be opened")
    }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0 else { throw failure(.unreadable, "cannot be examined") }
    guard facts.st_mode & S_IFMT == S_IFREG else { throw SigningKeyError(.unreadable, "\(path) is not a file") }
    guard facts.st_mode & 0o077 == 0 else {
      throw SigningKeyError(.notPrivate, "\(path) is open to other users; chmod 600 it, and rotate the key")
    }
    guard facts.st_uid == geteuid() else {
      throw SigningKeyError(.notPrivate, "\(path) belongs to another user; chown it to the one that runs Caravan")
    }
    guard facts.st_size <= SigningKeyFile.maximumBytes else {
      throw SigningKeyError(.unreadable, "\(path) is too large for a key file")
    }
    var bytes = [UInt8](repeating: 0, count: SigningKeyFile.maximumBytes)
    var count = 0
    while count < bytes.count {
      let got = bytes[count...].withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw failure(.unreadable, "cannot be read") }
      if got == 0 { break }
      count += got
    }
    do throws(SigningKeyError) {
      return try SigningKeys(parsing: Array(bytes[..<count]))
    } catch {
      throw SigningKeyError(error.code, "\(path) cannot be used: \(error.detail)")
    }
  }

  /// Writes a new file in the same folder, private from its first moment, and on disk when this returns.
  /// - Returns: its path.
  private func writeBeside(_ bytes: [UInt8]) throws(SigningKeyError) -> String {
    let temporary = "\(path).\(RandomText.identifier()).new"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(.unwritable, "cannot be created") }
    var isWhole = fchmod(file, 0o600) == 0
    var count = 0
    while isWhole, count < bytes.count {
      let put = bytes[count...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if put < 0, errno == EINTR { continue }
      isWhole = put > 0
      count += max(0, put)
    }
    isWhole = isWhole && fsync(file) == 0
    let error = errno
    close(file)
    guard isWhole else {
      unlink(temporary)
      errno = error
      throw failure(.unwritable, "cannot be written")
    }
    return temporary
  }

  /// A name is on disk when its folder is.
  private func syncFolder() throws(SigningKeyError) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw failure(.unwritable, "lies in a folder that cannot be opened") }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw failure(.unwritable, "lies in a folder that cannot be synced") }
  }

  private func failure(_ code: SigningKeyError.Code, _ what: String) -> SigningKeyError {
    SigningKeyError(code, "\(path) \(what): \(String(cString: strerror(errno)))")
  }
}
