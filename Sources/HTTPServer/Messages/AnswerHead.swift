import NIOCore
import NIOHTTP1

/// Writes an answer's status line and headers.
struct AnswerHead {
  let requestID: String
  let origin: String?
  /// HTTP/1.0 clients are told that the connection stays.
  let isHTTP10: Bool
  let keepsAlive: Bool

  /// - Parameters:
  ///   - length: the body's bytes; nil when its end is the connection's end.
  ///   - date: the value of `Date`.
  func write(
    _ response: Response, length: Int?, date: String, crossOrigin: CrossOriginPolicy, into head: inout ByteBuffer
  ) {
    head.writeStaticString("HTTP/1.1 ")
    head.writeDecimal(response.status.code)
    head.writeStaticString(" ")
    head.writeStaticString(response.status.reason)
    head.writeStaticString("\r\nDate: ")
    head.writeString(date)
    if let type = response.contentType { head.writeField("Content-Type", type) }
    if let length, !response.status.forbidsBody {
      head.writeStaticString("\r\nContent-Length: ")
      head.writeDecimal(length)
    }
    var hasCaching = false
    var hasPolicy = false
    if !response.headers.isEmpty {
      for (name, value) in response.headers.fields where AnswerHead.isSafe(name, value) {
        if name.isHeader("cache-control") { hasCaching = true }
        if name.isHeader("content-security-policy") { hasPolicy = true }
        head.writeField(name, value)
      }
    }
    if !hasCaching { head.writeStaticString(SecurityHeaders.defaultCaching) }
    if !hasPolicy { head.writeStaticString(SecurityHeaders.defaultPolicy) }
    head.writeStaticString(SecurityHeaders.common)
    crossOrigin.write(origin: origin, varies: response.variesByEncoding, into: &head)
    head.writeField("X-Request-Id", requestID)
    if !keepsAlive {
      head.writeStaticString("\r\nConnection: close")
    } else if isHTTP10 {
      head.writeStaticString("\r\nConnection: keep-alive")
    }
    head.writeStaticString("\r\n\r\n")
  }

  /// A field with a line break or another control character would become something else on the wire: it is left out.
  private static func isSafe(_ name: String, _ value: String) -> Bool {
    !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
      && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
  }
}

extension ByteBuffer {
  fileprivate mutating func writeField(_ name: String, _ value: String) {
    writeStaticString("\r\n")
    writeString(name)
    writeStaticString(": ")
    writeString(value)
  }

  /// A non-negative number without making a string of it.
  fileprivate mutating func writeDecimal(_ number: Int) {
    if number >= 10 { writeDecimal(number / 10) }
    writeInteger(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
  }
}

extension String {
  /// Whether this is the header name `lowercased`, in any case.
  func isHeader(_ lowercased: StaticString) -> Bool {
    var name = self
    return name.withUTF8 { utf8 in
      guard utf8.count == lowercased.utf8CodeUnitCount else { return false }
      let other = lowercased.utf8Start
      for index in 0..<utf8.count {
        let byte = utf8[index]
        let lower = 0x41...0x5A ~= byte ? byte | 0x20 : byte
        if lower != other[index] { return false }
      }
      return true
    }
  }
}
