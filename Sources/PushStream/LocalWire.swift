import ChatDomain

// Stands in until ChatDomain's Wire folder has the encoding of messages: then this file goes.

/// A message within news: a text above `ChatLimits.newsTextBytes` is left out, and `fetch` says so.
func appendNewsJSON(_ message: Message, for viewer: UserID, to bytes: inout [UInt8]) {
  bytes.append(
    contentsOf:
      "{\"id\":\"\(message.id)\",\"chat_id\":\"\(message.chat)\",\"sender_id\":\"\(message.sender)\",\"kind\":".utf8)
  appendString(message.kind.rawValue, to: &bytes)
  bytes.append(contentsOf: ",\"sent_at\":\"\(message.sentAt)\",\"key\":".utf8)
  if let key = message.key, viewer == message.sender {
    bytes.append(contentsOf: "\"\(key)\"".utf8)
  } else {
    bytes.append(contentsOf: "null".utf8)
  }
  if message.text.utf8.count > ChatLimits.newsTextBytes {
    bytes.append(contentsOf: ",\"fetch\":true}".utf8)
  } else {
    bytes.append(contentsOf: ",\"text\":".utf8)
    appendString(message.text, to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }
}

private func appendString(_ text: String, to bytes: inout [UInt8]) {
  bytes.append(UInt8(ascii: "\""))
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte)
    case 0..<0x20:
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: "\\u00".utf8)
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 0xF)])
    default: bytes.append(byte)
    }
  }
  bytes.append(UInt8(ascii: "\""))
}
