/// An identifier of one kind of thing, so that a user's id cannot be passed where a chat's is meant.
@frozen
public struct Identifier<Subject>: Hashable, Sendable, Comparable {
  public let bits: UUIDBits

  @inlinable
  public init(_ bits: UUIDBits) { self.bits = bits }

  /// Parses the 36-character form in any case.
  public init?(_ text: some StringProtocol) {
    guard let bits = UUIDBits(text) else { return nil }
    self.init(bits)
  }

  public static func random() -> Identifier { Identifier(.random()) }

  @inlinable
  public static func < (a: Identifier, b: Identifier) -> Bool { a.bits < b.bits }
}

extension Identifier: CustomStringConvertible {
  public var description: String { bits.description }
}

extension Identifier: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let bits = UUIDBits(text) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "is no UUID"))
    }
    self.init(bits)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// What the identifiers below identify, where no value type of that name exists.
public enum Device {}
public enum IdempotencyKeySubject {}

public typealias UserID = Identifier<User>
public typealias ChatID = Identifier<Chat>
/// A client's device (a browser, a phone), chosen by the client.
public typealias DeviceID = Identifier<Device>
/// Names one send, so that its retries make no second message.
public typealias IdempotencyKey = Identifier<IdempotencyKeySubject>
