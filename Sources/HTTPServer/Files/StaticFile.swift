import NIOCore

/// One file in the encodings that exist of it.
struct StaticFile: Sendable {
  private struct Variant: Sendable {
    let tag: String
    let headers: Headers
    let bytes: ByteBuffer
  }

  private let contentType: String
  private let plain: Variant
  private let gzip: Variant?
  private let brotli: Variant?

  init(path: String, plain: ByteBuffer, gzip: ByteBuffer?, brotli: ByteBuffer?, policy: String) {
    contentType = MediaType.of(path)
    // Vite names what is under app/assets/ by its content: it never changes.
    let caching = path.hasPrefix("app/assets/") ? "public, max-age=31536000, immutable" : "no-cache"
    func variant(_ bytes: ByteBuffer, _ encoding: String?) -> Variant {
      let tag = "\"\(ContentHash.of(bytes))\""
      var headers: Headers = ["ETag": tag, "Cache-Control": caching, "Content-Security-Policy": policy]
      if let encoding { headers.add("Content-Encoding", encoding) }
      return Variant(tag: tag, headers: headers, bytes: bytes)
    }
    self.plain = variant(plain, nil)
    self.gzip = gzip.map { variant($0, "gzip") }
    self.brotli = brotli.map { variant($0, "br") }
  }

  func response(acceptEncoding: AcceptEncoding, ifNoneMatch: [Substring]) -> Response {
    let variant =
      switch acceptEncoding.choice(gzip: gzip != nil, brotli: brotli != nil) {
      case .brotli: brotli ?? plain
      case .gzip: gzip ?? plain
      case .identity: plain
      }
    let isKnown = ifNoneMatch.contains { $0 == "*" || $0 == variant.tag || $0 == "W/" + variant.tag }
    var response = Response(status: isKnown ? .notModified : .ok, headers: variant.headers)
    if !isKnown {
      response.contentType = contentType
      response.body = .bytes(variant.bytes)
    }
    response.variesByEncoding = gzip != nil || brotli != nil
    return response
  }
}
