import Dispatch
import Glibc

/// SIGTERM and SIGINT as something to wait for.
struct StopSignals {
  private let stream: AsyncStream<Int32>
  private let sources: [any DispatchSourceSignal]

  init() {
    let (stream, continuation) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: .bufferingNewest(1))
    self.stream = stream
    sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { continuation.yield(number) }
      source.resume()
      return source
    }
  }

  /// Returns when one has come.
  func wait() async -> Int32 {
    for await number in stream { return number }
    return SIGTERM
  }
}
