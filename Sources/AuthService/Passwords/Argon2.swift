import CSodium

/// Argon2id, as libsodium computes it. Blocks for tens of milliseconds: never on the cooperative pool.
struct Argon2: Sendable {
  enum Verdict: Sendable, Equatable {
    case mismatch
    case match
    /// The password is right, and its hash was made with other parameters than today's.
    case outdatedMatch
  }

  let parameters: Argon2Parameters

  /// - Throws: `.unavailable` when libsodium cannot be used.
  init(_ parameters: Argon2Parameters) throws(AuthError) {
    guard sodium_init() >= 0 else { throw AuthError(.unavailable, "libsodium does not start") }
    self.parameters = parameters
  }

  /// A hash in its text form, with a fresh salt; nil when there is no memory for it.
  ///
  /// The bytes of the password are taken as they come, without Unicode normalization: a client that sends the same characters in another form sends
  /// another password. (Normalizing would tie stored hashes to a version of Unicode.)
  func hash(_ password: String) -> String? {
    var text = [CChar](repeating: 0, count: crypto_pwhash_strbytes())
    let code = Argon2.withCharacters(of: password) { characters in
      crypto_pwhash_str_alg(
        &text, characters, UInt64(characters.count), parameters.passes, parameters.memory,
        crypto_pwhash_alg_argon2id13())
    }
    guard code == 0 else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func verify(_ password: String, against hash: String) -> Verdict {
    guard Argon2.isAffordable(hash) else { return .mismatch }
    let code = Argon2.withCharacters(of: password) { characters in
      crypto_pwhash_str_verify(hash, characters, UInt64(characters.count))
    }
    guard code == 0 else { return .mismatch }
    let isCurrent = crypto_pwhash_str_needs_rehash(hash, parameters.passes, parameters.memory) == 0
    return isCurrent ? .match : .outdatedMatch
  }

  /// The copy is overwritten; the string that it was made of is Swift's to free.
  private static func withCharacters<Value>(of password: String, _ body: ([CChar]) -> Value) -> Value {
    var characters = password.utf8.map { CChar(bitPattern: $0) }
    defer { sodium_memzero(&characters, characters.count) }
    return body(characters)
  }

  /// Whether the hash names a memory that we are ready to give (`$argon2id$v=19$m=<KiB>,t=…`), and fits libsodium's buffer.
  private static func isAffordable(_ hash: String) -> Bool {
    guard hash.utf8.count < crypto_pwhash_strbytes(), !hash.utf8.contains(0) else { return false }
    let fields = hash.split(separator: "$")
    guard fields.count == 5, fields[0] == "argon2id" else { return false }
    let memory = fields[2].split(separator: ",").first { $0.hasPrefix("m=") }.flatMap { Int($0.dropFirst(2)) }
    return memory.map { 1...Argon2Parameters.maximumMemory / 1024 ~= $0 } ?? false
  }
}
