import ChatDomain
import Testing

@testable import Aggregation

@Suite("An outlet of mailboxes")
struct MailboxOutletTests {
  private let script = OutletScript(.mailbox)

  private func lease(_ user: Int, _ device: Int = 1, viewing: [Int] = []) -> Lease {
    Lease(user: .number(user), device: .number(device), channel: .firestore, viewing: viewing.map { .number($0) })
  }

  @Test("Leases of an earlier owner are taken over: each recipient is told one new epoch, and news goes on")
  func takesOver() {
    let lines = script.at(.seconds(100)) { outlet, actions in
      outlet.takeOver(
        [
          (lease(1, 1, viewing: [1]), .seconds(130)), (lease(1, 2), .seconds(140)), (lease(2), .seconds(120)),
          (lease(3), .seconds(100)),
        ], now: .seconds(100), &actions)
    }
    #expect(lines == ["resync E1 #0", "resync E2 #0"])
    #expect(script.outlet.recipientCount == 2)
    #expect(
      script.at(.seconds(101)) { $0.deliver(message(1, in: 1), to: .number(1), now: .seconds(101), &$1) } == ["#1 [1]"])
    // The lease ends when the one before would have ended.
    _ = script.at(.seconds(141))
    #expect(script.outlet.recipientCount == 0)
  }

  @Test("Other windows hold for what comes from then on")
  func otherWindows() {
    _ = script.at(.seconds(0)) { outlet, actions in _ = outlet.renew(lease(1, viewing: [1]), now: .seconds(0), &actions)
    }
    script.outlet.use(Windows(viewing: .leading(.seconds(20)), elsewhere: .fixed(.seconds(60))))
    #expect(
      script.at(.seconds(1)) { $0.deliver(message(1, in: 1), to: .number(1), now: .seconds(1), &$1) } == ["#1 [1]"])
    #expect(script.at(.seconds(2)) { $0.deliver(message(2, in: 1), to: .number(1), now: .seconds(2), &$1) } == [])
    #expect(script.at(.seconds(21)) == ["#2 [2]"])
  }

  @Test("What reaches somebody who looks is counted; the rest was suppressed")
  func counts() {
    _ = script.at(.seconds(0)) { outlet, actions in _ = outlet.renew(lease(1), now: .seconds(0), &actions) }
    _ = script.at(.seconds(1)) { outlet, actions in
      for user in 1...3 { outlet.deliver(message(1, in: 1), to: .number(user), now: .seconds(1), &actions) }
    }
    #expect(script.outlet.takenCount == 1)
  }
}
