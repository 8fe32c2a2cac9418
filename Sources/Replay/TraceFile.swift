import Glibc

/// Reads a trace's text from a file, a gzip file, or standard input.
enum TraceFile {
  /// More than any trace of this kind, bytes.
  private static let maximumBytes = 512 * 1_024 * 1_024

  /// - Parameter path: `-` is standard input; what ends in `.gz` goes through `gzip -dc`.
  /// - Throws: `TraceError`.
  static func text(_ path: String) throws(TraceError) -> String {
    if path == "-" { return try readAll(STDIN_FILENO, path) }
    if path.hasSuffix(".gz") { return try unzipped(path) }
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure(path) }
    defer { close(file) }
    return try readAll(file, path)
  }

  private static func unzipped(_ path: String) throws(TraceError) -> String {
    guard access(path, R_OK) == 0 else { throw failure(path) }
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw failure(path) }
    // gzip must not hold the reading end: it would never see that we are gone.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    var process: pid_t = 0
    let arguments: [UnsafeMutablePointer<CChar>?] = ["gzip", "-dc", "--", path].map { (text: String) in strdup(text) }
    defer { for argument in arguments { free(argument) } }
    let result = posix_spawnp(&process, "gzip", &actions, nil, arguments + [nil], environ)
    close(ends[1])
    guard result == 0 else {
      throw TraceError(.unreadable, "gzip cannot be started: \(String(cString: strerror(result)))")
    }
    let text = Result { () throws(TraceError) in try readAll(ends[0], path) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    guard status == 0 else { throw TraceError(.unreadable, "\(path) is no gzip file") }
    return try text.get()
  }

  private static func readAll(_ file: Int32, _ path: String) throws(TraceError) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 256 * 1_024)
    while true {
      let count = read(file, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(path) }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += chunk[..<count]
      guard bytes.count <= maximumBytes else { throw TraceError(.unreadable, "\(path) is too large for a trace") }
    }
  }

  private static func failure(_ path: String) -> TraceError {
    TraceError(.unreadable, "\(path) cannot be read: \(String(cString: strerror(errno)))")
  }
}
