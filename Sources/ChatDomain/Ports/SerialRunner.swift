/// A place where jobs run one after another, and its clock: an event loop, or a test's own.
///
/// Contract. Jobs run in the order given, never inside the call that gives them, and must not block.
public protocol SerialRunner: Sendable {
  /// Monotonic nanoseconds.
  var now: UInt64 { get }
  func run(_ job: @escaping @Sendable () -> Void)
  /// Runs the job at that moment of `now`, not before and as little after as can be.
  /// - Returns: cancels it; the job may run all the same.
  func run(at nanoseconds: UInt64, _ job: @escaping @Sendable () -> Void) -> @Sendable () -> Void
}
