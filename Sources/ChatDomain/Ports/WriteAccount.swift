/// Who pays for the writes of a billed channel.
///
/// Contract. An attempt is charged before it is made, whatever becomes of it: what cannot be charged is not made (invariant 6).
public protocol WriteAccount: Sendable {
  /// Charges attempts.
  /// - Returns: how many of them, from the first on, may be made.
  func charge(_ attempts: [WriteAttempt]) async -> Int
  /// What became of an attempt that was charged.
  func answered(_ attempt: WriteAttempt, isWritten: Bool)
}

/// One write of one recipient's document, about to be made.
public struct WriteAttempt: Sendable, Hashable {
  public let recipient: UserID
  /// Messages of the aggregate; 0 where only a base line is told.
  public let messages: Int
  /// Devices that listen to the document, as far as is known: each of them reads it once.
  public let devices: Int
  /// The same was attempted before.
  public let isRetry: Bool

  public init(recipient: UserID, messages: Int, devices: Int, isRetry: Bool) {
    self.recipient = recipient
    self.messages = messages
    self.devices = devices
    self.isRetry = isRetry
  }
}
