import Glibc

/// How many files and sockets this process, and the servers that it starts, may have open.
public enum OpenFiles {
  /// Raises the limit as far as the system allows.
  /// - Returns: what holds now.
  @discardableResult
  public static func raiseLimit() -> Int {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(resource, &limit) == 0 else { return 0 }
    limit.rlim_cur = limit.rlim_max
    setrlimit(resource, &limit)
    return Int(clamping: limit.rlim_cur)
  }
}
