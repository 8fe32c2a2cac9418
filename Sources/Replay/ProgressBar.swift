import Glibc

/// Shows on standard error how far something is; silent where that is no terminal.
public struct ProgressBar: Sendable {
  private let isShown: Bool

  public init(isWanted: Bool) { isShown = isWanted && isatty(STDERR_FILENO) == 1 }

  public func show(_ what: String, _ done: Int, of total: Int) {
    guard isShown else { return }
    let share = total > 0 ? Double(min(done, total)) / Double(total) : 1
    let filled = Int(share * 30)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
    put("\r\u{1B}[K\(what) [\(bar)] \(done)/\(total)")
  }

  public func clear() {
    if isShown { put("\r\u{1B}[K") }
  }

  private func put(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
  }
}
