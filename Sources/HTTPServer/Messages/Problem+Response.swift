import NIOCore

extension Problem {
  /// The answer as `application/problem+json`.
  func response(requestID: String) -> Response {
    var body = ByteBuffer()
    body.writeStaticString("{\"type\":\"/problems/")
    body.writeString(code)
    body.writeStaticString("\",\"title\":")
    body.writeJSONString(title)
    body.writeStaticString(",\"status\":")
    body.writeString("\(status.code)")
    body.writeStaticString(",\"detail\":")
    body.writeJSONString(detail)
    body.writeStaticString(",\"request_id\":")
    body.writeJSONString(requestID)
    body.writeStaticString("}")
    var headers = headers
    if let retryAfter { headers["Retry-After"] = "\(retryAfter)" }
    return Response(status: status, headers: headers, contentType: "application/problem+json", body: .bytes(body))
  }
}

extension ByteBuffer {
  /// Writes `text` as a JSON string with its quotes.
  mutating func writeJSONString(_ text: String) {
    writeInteger(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        writeInteger(UInt8(ascii: "\\"))
        writeInteger(byte)
      case 0..<0x20:
        writeStaticString("\\u00")
        writeInteger(ByteBuffer.hexDigits[Int(byte >> 4)])
        writeInteger(ByteBuffer.hexDigits[Int(byte & 0xF)])
      default: writeInteger(byte)
      }
    }
    writeInteger(UInt8(ascii: "\""))
  }

  private static let hexDigits = Array("0123456789abcdef".utf8)
}
