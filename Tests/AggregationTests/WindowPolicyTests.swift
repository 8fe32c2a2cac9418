import Aggregation
import Testing

@Suite struct WindowPolicyTests {
  @Test(
    "A policy is read from its name and span",
    arguments: [
      ("none", WindowPolicy.zero), ("zero", .zero), ("leading:1s", .leading(.seconds(1))),
      ("fixed:3s", .fixed(.seconds(3))), ("idle:3s", .idle(.seconds(3))), ("fixed:250ms", .fixed(.milliseconds(250))),
    ])
  func aPolicyIsReadFromIts(text: String, policy: WindowPolicy) {
    #expect(WindowPolicy(text) == policy)
    #expect(WindowPolicy(policy.description) == policy)
  }

  @Test(
    "Anything else is refused",
    arguments: [
      "", "fixed", "fixed:", "fixed:3", "fixed:-3s", "fixed:0s", "fixed:3m", "idle:s", "other:3s", "fixed:3s:4s",
      "fixed:99999999999999999999s", "fixed:86401s",
    ])
  func anythingElseIsRefused(text: String) {
    #expect(WindowPolicy(text) == nil)
  }

  @Test("The idle window waits for at most ten messages")
  func theIdleWindowWaitsForAt() {
    #expect(WindowPolicy("idle:3s")?.maxMessages == 10)
  }
}
