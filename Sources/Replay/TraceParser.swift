/// Reads traces: lines of `time_ms,chat,sender,size` below a header of those names.
public enum TraceParser {
  static let header = "time_ms,chat,sender,size"

  /// - Parameter limit: lines to take.
  /// - Returns: the messages by time; those of one moment in the order of the trace.
  /// - Throws: `TraceError` that names the line.
  public static func parse(_ text: some StringProtocol, limit: Int = .max) throws(TraceError) -> [TraceMessage] {
    var messages: [TraceMessage] = []
    var number = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      if number == 1 {
        guard line == header else { throw TraceError(.malformed, "the first line must be \(header)") }
        continue
      }
      if line.isEmpty { continue }
      if messages.count >= limit { break }
      messages.append(try parse(line: line, number))
    }
    guard !messages.isEmpty else { throw TraceError(.empty, "the trace holds no message") }
    // Swift's sort is stable.
    return messages.sorted { $0.time < $1.time }
  }

  private static func parse(line: some StringProtocol, _ number: Int) throws(TraceError) -> TraceMessage {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    guard
      fields.count == 4, let time = Int64(fields[0]), let chat = Int(fields[1]), let sender = Int(fields[2]),
      let size = Int(fields[3]), chat >= 0, sender >= 0, size >= 0
    else { throw TraceError(.malformed, "line \(number) is not of the form \(header)") }
    return TraceMessage(time: time, chat: chat, sender: sender, size: size)
  }
}
