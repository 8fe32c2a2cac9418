/// When an aggregate is complete: conditions as data, whichever comes first. An aggregate that meets none of them waits.
///
/// Two more conditions need no figure: a change of attention and shutdown, which the caller reports as events.
public struct WindowPolicy: Hashable, Sendable {
  /// Immediate: due at once, but no sooner than this after the aggregate before. nil: arrival alone completes nothing.
  public var spacing: TimeSpan?
  /// Inactivity: due when nothing has arrived for this long.
  public var idle: TimeSpan?
  /// Due this long after the first message.
  public var maxAge: TimeSpan?
  /// Due with this many messages.
  public var maxMessages: Int
  /// Due with this many bytes.
  public var maxBytes: Int

  public init(
    spacing: TimeSpan? = nil, idle: TimeSpan? = nil, maxAge: TimeSpan? = nil, maxMessages: Int = .max,
    maxBytes: Int = .max
  ) {
    self.spacing = spacing
    self.idle = idle
    self.maxAge = maxAge
    self.maxMessages = maxMessages
    self.maxBytes = maxBytes
  }

  /// No window: due at once. What arrives while a publication is under way forms the next aggregate (natural batching).
  public static let zero = WindowPolicy(spacing: .zero)

  /// The first message after silence at once, then at most one aggregate in each interval.
  public static func leading(_ interval: TimeSpan) -> WindowPolicy { WindowPolicy(spacing: interval) }

  /// A window that the first message opens and time alone closes.
  public static func fixed(_ window: TimeSpan) -> WindowPolicy { WindowPolicy(maxAge: window) }

  /// Waits for silence, and never for more than so many messages.
  public static func idle(_ silence: TimeSpan, maxMessages: Int = 10) -> WindowPolicy {
    WindowPolicy(idle: silence, maxMessages: maxMessages)
  }

  /// For a recipient who looks, but at another chat.
  public static let elsewhere = fixed(.seconds(10))
}

extension WindowPolicy: LosslessStringConvertible {
  /// Parses `none` or `zero`, `leading:1s`, `fixed:3s`, `idle:3s`; nil for anything else. Limits on messages and bytes are settings of their own.
  public init?(_ description: String) {
    if description == "zero" || description == "none" {
      self = .zero
      return
    }
    let parts = description.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let span = TimeSpan(String(parts[1])), span > .zero else { return nil }
    switch parts[0] {
    case "leading": self = .leading(span)
    case "fixed": self = .fixed(span)
    case "idle": self = .idle(span)
    default: return nil
    }
  }

  public var description: String {
    if let idle { return "idle:\(idle)" }
    if let maxAge { return "fixed:\(maxAge)" }
    guard let spacing, spacing > .zero else { return "zero" }
    return "leading:\(spacing)"
  }
}
