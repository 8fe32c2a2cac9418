import CZlib

/// Unpacks gzip, a piece at a time; files may consist of several members.
final class Inflater {
  /// Its address must not change while zlib works with it.
  private let stream: UnsafeMutablePointer<z_stream>
  private var output = [UInt8](repeating: 0, count: 256 * 1_024)
  /// Between members, or before the first.
  private var isAtBorder = true

  init() throws(TraceError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window; 16 more: a gzip header is wanted.
    guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      stream.deallocate()
      throw TraceError(.unreadable, "zlib cannot be used")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// - Parameter body: gets what the piece unpacks to; false ends the reading.
  /// - Returns: false if `body` did.
  func unpack(
    _ piece: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) throws(TraceError) -> Bool
  ) throws(TraceError) -> Bool {
    var rest = piece
    while true {
      if isAtBorder {
        if rest.isEmpty { return true }
        inflateReset(stream)
        isAtBorder = false
      }
      let (result, count) = fill(from: &rest)
      guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
        throw TraceError(.unreadable, "the trace is damaged: it cannot be unpacked")
      }
      guard try body(output[..<count]) else { return false }
      isAtBorder = result == Z_STREAM_END
      if !isAtBorder, count < output.count, rest.isEmpty { return true }
    }
  }

  /// - Throws: `TraceError` if something is missing at the end.
  func finish() throws(TraceError) {
    guard isAtBorder else { throw TraceError(.unreadable, "the trace is cut off: its end cannot be unpacked") }
  }

  /// Unpacks as much as there is room for, and takes what it needs from `rest`.
  private func fill(from rest: inout ArraySlice<UInt8>) -> (result: Int32, count: Int) {
    let (result, left, count) = rest.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { buffer in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(buffer.count)
        let result = inflate(stream, Z_NO_FLUSH)
        return (result, Int(stream.pointee.avail_in), buffer.count - Int(stream.pointee.avail_out))
      }
    }
    rest = rest.suffix(left)
    return (result, count)
  }
}
