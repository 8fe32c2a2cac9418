// TestSupport: memory ports, clocks, temporary stores and fixtures, shared by the test targets.
import FoundationEssentials

/// A fresh folder, removed when the value dies.
public final class TemporaryFolder: Sendable {
  public let path: String

  public init() throws {
    path = FileManager.default.temporaryDirectory.path + "/caravan-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
