import ChatDomain
import FoundationEssentials
import Glibc
import Logging

/// One JSON object a line on standard error: `time`, `level`, `msg`, `logger` and the metadata.
struct JSONLogHandler: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  private let label: String

  static func bootstrap(level: Logger.Level) -> Logger {
    LoggingSystem.bootstrap { JSONLogHandler(label: $0, logLevel: level) }
    return Logger(label: "caravan")
  }

  init(label: String, logLevel: Logger.Level) {
    self.label = label
    self.logLevel = logLevel
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(
    level: Logger.Level, message: Logger.Message, metadata explicit: Logger.Metadata?, source: String, file: String,
    function: String, line: UInt
  ) {
    var json = JSONBytes()
    json.raw(#"{"time":"#)
    json.string(Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)).description)
    json.raw(#","level":"#)
    json.string(level.rawValue)
    json.raw(#","msg":"#)
    json.string(message.description)
    json.raw(#","logger":"#)
    json.string(label)
    let all = explicit.map { metadata.merging($0) { $1 } } ?? metadata
    for (key, value) in all.sorted(by: { $0.key < $1.key }) {
      json.raw(",")
      json.string(key)
      json.raw(":")
      if case .stringConvertible(let number as Int) = value {
        json.integer(number)
      } else {
        json.string(value.description)
      }
    }
    json.raw("}\n")
    // One write, so that lines of several threads do not mix.
    json.bytes.withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
