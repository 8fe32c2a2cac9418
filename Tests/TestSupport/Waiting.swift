/// Waits until the condition holds. Throws when the test's time is over: a loop that nothing ends would hold up the whole run.
public func wait(until condition: () -> Bool) async throws {
  while !condition() {
    try Task.checkCancellation()
    await Task.yield()
  }
}
