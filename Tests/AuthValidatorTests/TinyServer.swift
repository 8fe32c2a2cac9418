import Foundation
import Synchronization
import Testing

@testable import AuthValidatorRemote

/// Answers every connection on a free port with the same bytes, by plain sockets.
final class TinyServer: Sendable {
  let port: UInt16
  private let listener: Int32
  private let count = Mutex(0)

  static func answer(_ body: [UInt8]) -> [UInt8] {
    Array(
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: max-age=300\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        .utf8) + body
  }

  init(_ bytes: [UInt8]) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    try #require(isListening)
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in
      while case let connection = accept(listener, nil, nil), connection >= 0 {
        count.withLock { $0 += 1 }
        var request = [UInt8](repeating: 0, count: 4_096)
        _ = recv(connection, &request, request.count, 0)
        var sent = 0
        while sent < bytes.count {
          let written = bytes[sent...].withUnsafeBytes {
            send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
          }
          guard written > 0 else { break }
          sent += written
        }
        close(connection)
      }
    }
  }

  var requests: Int { count.withLock { $0 } }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }
}

enum URLJWKSFetcherAge {
  static func read(_ field: String?) -> Int64? { URLJWKSFetcher.age(in: field) }
}
