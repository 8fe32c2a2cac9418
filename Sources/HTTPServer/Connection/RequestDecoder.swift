import NIOCore
import NIOHTTP1

/// NIO's parser within our limits on bytes, which it has only for single fields.
///
/// Counts what arrives before the parser keeps it: a head that never ends, a trailer or a chunk extension of any length stop here.
final class RequestDecoder: ByteToMessageDecoder {
  typealias InboundOut = HTTPServerRequestPart

  private let parser = HTTPRequestDecoder()
  private let limits: ServerLimits
  /// Strong: after the connection has been removed, the end of input still comes here.
  private let connection: ConnectionHandler
  /// Bytes that the parser has seen and left in the buffer.
  private var leftOver = 0
  private var headBytes = 0
  private var bodyBytes = 0

  init(connection: ConnectionHandler, limits: ServerLimits) {
    self.connection = connection
    self.limits = limits
  }

  func decoderAdded(context: ChannelHandlerContext) { parser.decoderAdded(context: context) }
  func decoderRemoved(context: ChannelHandlerContext) { parser.decoderRemoved(context: context) }

  func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
    if connection.dropsInput { return drop(&buffer) }
    let new = buffer.readableBytes - leftOver
    guard new > 0 else { return .needMoreData }
    let seen = connection.requestCount
    connection.bytesArrived()
    do {
      _ = try parser.decode(context: context, buffer: &buffer)
    } catch HTTPParserError.invalidMethod where RequestDecoder.beginsWithMethod(buffer) {
      throw Problem.methodNotAllowed(allow: Method.allCases)
    }
    leftOver = buffer.readableBytes
    if connection.dropsInput { return drop(&buffer) }
    try count(new, startedAfresh: connection.requestCount != seen)
    return .needMoreData
  }

  func decodeLast(context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool) throws -> DecodingState {
    // Everything is decoded as it arrives; what is left is the end of input, which may cut a request short.
    if connection.dropsInput || !seenEOF { return drop(&buffer) }
    var nothing = ByteBuffer()
    return try parser.decodeLast(context: context, buffer: &nothing, seenEOF: true)
  }

  private func count(_ new: Int, startedAfresh: Bool) throws {
    if startedAfresh {
      headBytes = 0
      bodyBytes = 0
    }
    if connection.isReceivingHead {
      headBytes += startedAfresh ? leftOver : new
      guard headBytes <= limits.headBytes else { throw Problem.headersTooLarge(limit: limits.headBytes) }
    } else {
      // Chunks of one byte cost six; more overhead than eight times the body is nobody's honest request.
      bodyBytes += new
      guard bodyBytes <= limits.bodyBytes * 8 + limits.headBytes else {
        throw Problem.tooLarge(limit: limits.bodyBytes)
      }
    }
  }

  private func drop(_ buffer: inout ByteBuffer) -> DecodingState {
    connection.dropped(bytes: buffer.readableBytes)
    buffer.moveReaderIndex(to: buffer.writerIndex)
    leftOver = 0
    return .needMoreData
  }

  /// Tells a method that we do not know from bytes that are no HTTP at all.
  private static func beginsWithMethod(_ buffer: ByteBuffer) -> Bool {
    let word = buffer.readableBytesView.prefix(24).prefix { 0x41...0x5A ~= $0 || $0 == UInt8(ascii: "-") }
    return !word.isEmpty && buffer.readableBytesView.dropFirst(word.count).first == 0x20
  }
}
