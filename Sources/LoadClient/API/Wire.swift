import ChatDomain

/// A message as the API shows it; of its fields those that a load tool needs.
public struct WireMessage: Decodable, Sendable, Hashable {
  public let id: TimeUUID
  public let chat: ChatID
  public let sender: UserID
  /// Without it the message is a stub, to be fetched.
  public let text: String?
  public let key: IdempotencyKey?

  enum CodingKeys: String, CodingKey {
    case id, text, key
    case chat = "chat_id"
    case sender = "sender_id"
  }
}

/// A page of history.
public struct WirePage: Decodable, Sendable {
  public let messages: [WireMessage]
  public let next: TimeUUID?
}

/// A chat's newest message.
public struct WireHead: Decodable, Sendable {
  public let chat: ChatID
  public let last: TimeUUID?

  public init(chat: ChatID, last: TimeUUID?) {
    self.chat = chat
    self.last = last
  }

  enum CodingKeys: String, CodingKey {
    case chat = "chat_id"
    case last = "last_message_id"
  }
}

struct WireHeads: Decodable { let heads: [WireHead] }

struct WireChat: Decodable { let id: ChatID }

struct WireUser: Decodable { let id: UserID }

struct WireSession: Decodable {
  let accessToken: String
  let refreshToken: String
  /// Seconds.
  let expiresIn: Int64
  let user: WireUser

  enum CodingKeys: String, CodingKey {
    case user
    case accessToken = "access_token"
    case refreshToken = "refresh_token"
    case expiresIn = "expires_in"
  }
}

/// Data of `ready` and `resync`.
public struct WireBaseLine: Decodable, Sendable, Hashable {
  public let epoch: String
  public let seq: UInt64

  public init(epoch: String, seq: UInt64) {
    self.epoch = epoch
    self.seq = seq
  }
}

/// Data of `news`.
public struct WireNews: Decodable, Sendable {
  public struct Entry: Decodable, Sendable {
    public let seq: UInt64
    public let messages: [WireMessage]
  }

  public let epoch: String
  public let first: UInt64
  public let seq: UInt64
  public let news: [Entry]
}
