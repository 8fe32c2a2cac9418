import BenchSupport

/// How long a start takes, and what a server that does nothing holds.
enum StartBench {
  static func measure(_ settings: BenchSettings) async throws -> [Measured] {
    // The second start of an installation: the first one makes keys and tables.
    try await withServer(settings, seed: { try await $0.users(100) }) { server, _ in
      try await Task.sleep(for: .seconds(2))
      return [
        Measured("start_until_listening", server.startSeconds * 1_000, "ms", goal: "<= 300"),
        Measured("rss_idle", Double(server.residentBytes) / 1_048_576, "MiB"),
      ]
    }
  }
}
