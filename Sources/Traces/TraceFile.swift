import Glibc

/// A trace in a file or on standard input, plain or gzipped: that is seen from its first bytes.
public struct TraceFile: Sendable {
  /// More than any trace of this kind, bytes of text.
  private static let maximumBytes = 2 * 1_024 * 1_024 * 1_024

  /// `-` is standard input.
  public let path: String

  public init(_ path: String) { self.path = path }

  /// All messages of the trace, or the first `limit`, by time; those of one moment in the order of the trace.
  /// - Throws: `TraceError`.
  public func messages(limit: Int = .max) throws(TraceError) -> [TraceMessage] {
    var collector = TraceCollector(limit: limit)
    try read(mustBeSorted: false) { collector.add($0) }
    return try collector.sorted()
  }

  /// Reads the trace, a piece at a time.
  /// - Parameters:
  ///   - mustBeSorted: whether a message that is earlier than the one before is an error.
  ///   - progress: told now and then how many bytes of how many are read; 0 where the size is not known.
  ///   - each: false ends the reading.
  /// - Throws: `TraceError`.
  public func read(
    mustBeSorted: Bool, progress: (Int, Int) -> Void = { _, _ in },
    _ each: (TraceMessage) throws(TraceError) -> Bool
  ) throws(TraceError) {
    let file = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure }
    defer { if path != "-" { close(file) } }
    var parser = TraceParser(mustBeSorted: mustBeSorted)
    var inflater: Inflater?
    var (taken, unpacked) = (0, 0)
    let size = TraceFile.size(of: file)
    var buffer = [UInt8](repeating: 0, count: 256 * 1_024)
    while true {
      let count = try fill(&buffer, from: file)
      if count == 0 { break }
      if taken == 0, buffer.starts(with: [0x1F, 0x8B]) { inflater = try Inflater() }
      taken += count
      progress(taken, size)
      func parse(_ text: ArraySlice<UInt8>) throws(TraceError) -> Bool {
        unpacked += text.count
        guard unpacked <= TraceFile.maximumBytes else {
          throw TraceError(.unreadable, "\(path) is too large for a trace")
        }
        return try parser.take(text, each)
      }
      let piece = buffer[..<count]
      let goesOn = if let inflater { try inflater.unpack(piece, parse) } else { try parse(piece) }
      guard goesOn else { return }
    }
    try inflater?.finish()
    try parser.finish(each)
  }

  /// Fills the buffer as far as possible, so that its first bytes are there to be looked at.
  private func fill(_ buffer: inout [UInt8], from file: Int32) throws(TraceError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let count = buffer.withUnsafeMutableBytes {
        Glibc.read(file, $0.baseAddress?.advanced(by: filled), $0.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure }
      if count == 0 { break }
      filled += count
    }
    return filled
  }

  private static func size(of file: Int32) -> Int {
    var status = stat()
    return fstat(file, &status) == 0 ? Int(status.st_size) : 0
  }

  private var failure: TraceError {
    TraceError(.unreadable, "\(path) cannot be read: \(String(cString: strerror(errno)))")
  }
}
