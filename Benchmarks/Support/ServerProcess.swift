import FoundationEssentials
import Glibc
import LoadClient
import NIOCore
import NIOPosix

/// A running `caravan serve`.
public final class ServerProcess: Sendable {
  public let endpoint: Endpoint
  /// From its start until it said that it listens, seconds.
  public let startSeconds: Double
  private let process: pid_t
  private let log: ServerLog

  private init(process: pid_t, endpoint: Endpoint, startSeconds: Double, log: ServerLog) {
    self.process = process
    self.endpoint = endpoint
    self.startSeconds = startSeconds
    self.log = log
  }

  /// Starts a server on loopback and waits, up to 30 s, until it listens.
  /// - Parameters:
  ///   - binary: path of `caravan`.
  ///   - port: 0: any.
  /// - Throws: `BenchError` with the end of its log.
  public static func start(binary: String, data: String, port: Int = 0) async throws -> ServerProcess {
    let arguments = [
      binary, "serve", "--port", String(port), "--data", data, "--limits", "off", "--web", "off", "--log-level", "info",
    ]
    let start = NIODeadline.now()
    let (process, output) = try Interruption.holding { try spawn(arguments) }
    let log = ServerLog(reading: output)
    let port = await withTaskGroup(of: Int?.self) { group in
      group.addTask { await log.port() }
      group.addTask {
        try? await Task.sleep(for: .seconds(30))
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
    guard let port else {
      Glibc.kill(process, SIGKILL)
      Interruption.release(process)
      waitpid(process, nil, 0)
      throw BenchError("the server does not start: \(log.tail)")
    }
    let seconds = Double((NIODeadline.now() - start).nanoseconds) / 1e9
    return ServerProcess(process: process, endpoint: Endpoint(port: port), startSeconds: seconds, log: log)
  }

  /// `kill -9`, and waits until it is gone.
  public func kill() async { await end(SIGKILL) }

  /// Lets it stop in order.
  public func stop() async { await end(SIGTERM) }

  private func end(_ signal: Int32) async {
    Glibc.kill(process, signal)
    Interruption.release(process)
    let process = process
    _ = try? await NIOThreadPool.singleton.runIfActive { waitpid(process, nil, 0) }
  }

  /// Resident memory, bytes.
  public var residentBytes: Int {
    guard let data = FileManager.default.contents(atPath: "/proc/\(process)/status") else { return 0 }
    let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1_024
  }

  /// The last lines of its log.
  public var logTail: String { log.tail }

  /// - Returns: the process, and the reading end of its standard error.
  private static func spawn(_ arguments: [String]) throws -> (pid_t, Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw BenchError("no pipe: \(String(cString: strerror(errno)))") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    let texts: [UnsafeMutablePointer<CChar>?] = arguments.map { (text: String) in strdup(text) }
    defer { for text in texts { free(text) } }
    var process: pid_t = 0
    let result = posix_spawn(&process, arguments[0], &actions, nil, texts + [nil], environ)
    close(ends[1])
    guard result == 0 else {
      close(ends[0])
      throw BenchError("\(arguments[0]) cannot be started: \(String(cString: strerror(result)))")
    }
    return (process, ends[0])
  }
}
