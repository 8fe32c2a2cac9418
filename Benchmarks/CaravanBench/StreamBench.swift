import BenchSupport
import ChatDomain
import LoadClient
import NIOCore
import NIOPosix

/// What an open stream costs that nothing is sent to: each of another user.
enum StreamBench {
  static func measure(_ settings: BenchSettings) async throws -> [Measured] {
    try await withServer(settings, seed: { try await BenchUser.users(try await $0.users(settings.streams)) }) {
      server, users in
      let times = DeliveryTimes(count: 0)
      try await Task.sleep(for: .seconds(2))
      let before = server.residentBytes
      let start = NIODeadline.now()
      var streams: [EventStream] = []
      streams.reserveCapacity(users.count)
      // A hundred at a time: the kernel's queue of new connections is short.
      for first in stride(from: 0, to: users.count, by: 100) {
        let opening = users[first..<min(users.count, first + 100)].map { user in
          EventStream.open(server.endpoint, token: user.token, device: .random(), on: clientLoop) { event in
            if event.event == "ready" { times.opened() }
          }
        }
        for stream in opening { streams.append(try await stream.get()) }
      }
      try await times.waitUntilOpen(users.count)
      let seconds = Double((NIODeadline.now() - start).nanoseconds) / 1e9
      // Over two heartbeats, so that whatever they need is there.
      try await Task.sleep(for: .seconds(32))
      let after = server.residentBytes
      for stream in streams { stream.close() }
      return [
        Measured("rss_per_idle_stream", Double(after - before) / 1_024 / Double(users.count), "KiB", goal: "<= 8"),
        Measured("rss_with_\(users.count)_streams", Double(after) / 1_048_576, "MiB"),
        Measured("streams_opened", Double(users.count) / seconds, "1/s"),
      ]
    }
  }
}
