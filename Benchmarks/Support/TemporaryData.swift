import FoundationEssentials

/// A data folder of its own, gone with its owner.
public final class TemporaryData: Sendable {
  public let path: String

  public init() throws {
    let name = "caravan-bench-" + String(UInt64.random(in: 0 ... .max), radix: 36)
    path = FileManager.default.temporaryDirectory.path + "/" + name
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    Interruption.hold(folder: path)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
    Interruption.release(folder: path)
  }
}
