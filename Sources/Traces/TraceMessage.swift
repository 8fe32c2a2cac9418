/// One line of a trace: when somebody sent something, and how much.
public struct TraceMessage: Sendable, Hashable {
  /// Milliseconds since 1970.
  public let time: Int64
  /// Numbers of this trace; they mean nothing elsewhere.
  public let chat: Int
  public let sender: Int
  /// UTF-8 bytes; 0 where it is not known.
  public let size: Int

  public init(time: Int64, chat: Int, sender: Int, size: Int) {
    self.time = time
    self.chat = chat
    self.sender = sender
    self.size = size
  }
}
