import AuthValidator

/// Gets the JWKS document once.
package protocol JWKSFetcher: Sendable {
  func fetch() async throws(JWKSError) -> JWKSAnswer
}

package struct JWKSAnswer: Sendable {
  package let document: [UInt8]
  /// Of `Cache-Control: max-age`, seconds.
  package let age: Int64?

  package init(document: [UInt8], age: Int64?) {
    self.document = document
    self.age = age
  }
}
