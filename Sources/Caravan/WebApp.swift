import FoundationEssentials

/// Where the built web app lies.
enum WebApp {
  /// - Parameter setting: what the operator said: a folder, `off`, or nothing.
  /// - Returns: nil to serve the API alone.
  static func folder(_ setting: String?) -> String? {
    if let setting { return setting == "off" ? nil : setting }
    // Beside the program when installed, and above it in a checkout.
    guard var folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
    for _ in 0..<6 {
      guard let slash = folder.lastIndex(of: "/") else { return nil }
      folder = String(folder[..<slash])
      for candidate in ["\(folder)/share/caravan/web", "\(folder)/web/dist"]
      where FileManager.default.fileExists(atPath: candidate + "/index.html") {
        return candidate
      }
    }
    return nil
  }
}
