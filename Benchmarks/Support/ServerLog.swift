import Dispatch
import FoundationEssentials
import Glibc
import Synchronization

/// Reads a server's log on a thread of its own, so that the server never waits for us.
final class ServerLog: Sendable {
  private struct Line: Decodable {
    let msg: String
    let port: Int?
  }

  private let last = Mutex<[String]>([])
  private let ports: AsyncStream<Int>

  /// - Parameter file: a descriptor, closed at its end.
  init(reading file: Int32) {
    let (ports, outlet) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingOldest(1))
    self.ports = ports
    Thread.detach { [weak self] in
      var rest: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 16 * 1_024)
      while true {
        let count = read(file, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        rest += chunk[..<count]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
          let line = Array(rest[..<end])
          rest.removeSubrange(...end)
          self?.keep(String(decoding: line, as: UTF8.self))
          if let line = try? JSONDecoder().decode(Line.self, from: Data(line)), line.msg == "listening",
            let port = line.port
          {
            outlet.yield(port)
          }
        }
      }
      close(file)
      outlet.finish()
    }
  }

  /// The port that the server listens on; nil if it ends before.
  func port() async -> Int? { await ports.first { _ in true } }

  var tail: String { last.withLock { $0.joined(separator: "\n") } }

  private func keep(_ line: String) {
    last.withLock { last in
      last.append(line)
      if last.count > 20 { last.removeFirst() }
    }
  }
}

/// A thread without Foundation.
private enum Thread {
  static func detach(_ body: @escaping @Sendable () -> Void) {
    DispatchQueue(label: "server.log").async(execute: body)
  }
}
