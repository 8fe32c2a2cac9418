/// Random name of one recipient's push state on one channel (protocol, Servers 6).
@frozen
public struct Epoch: Hashable, Sendable {
  public let bits: UInt64

  @inlinable
  public init(bits: UInt64) { self.bits = bits }
}

extension Epoch: LosslessStringConvertible {
  /// Parses the form of `description`.
  public init?(_ description: String) {
    guard description.utf8.count == 16, let bits = UInt64(description, radix: 16) else { return nil }
    self.init(bits: bits)
    guard self.description == description else { return nil }
  }

  /// Sixteen hexadecimal digits in lower case.
  public var description: String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}

/// A place in a recipient's news: everything up to `seq` has been numbered. As a base line, what a client starts a run with.
@frozen
public struct BaseLine: Hashable, Sendable {
  public let epoch: Epoch
  /// 0: nothing yet.
  public let seq: UInt64

  @inlinable
  public init(epoch: Epoch, seq: UInt64) {
    self.epoch = epoch
    self.seq = seq
  }
}

extension BaseLine: LosslessStringConvertible {
  /// Parses the form of `description`: the id of a stream's event.
  public init?(_ description: String) {
    let parts = description.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let epoch = Epoch(String(parts[0])), let seq = UInt64(parts[1]) else { return nil }
    self.init(epoch: epoch, seq: seq)
  }

  /// `<epoch>:<seq>`
  public var description: String { "\(epoch):\(seq)" }
}
