/// A connection in the list of its event loop. Everything happens on that loop.
protocol RosterMember: AnyObject {
  /// Its place in the list.
  var slot: Int { get set }
  /// - Parameter now: nanoseconds of the monotonic clock.
  func tick(now: UInt64)
  /// Finish what is under way, then close.
  func drain()
  func abort()
}
