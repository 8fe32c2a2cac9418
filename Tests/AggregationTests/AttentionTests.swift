import Aggregation
import ChatDomain
import Testing

@Suite struct AttentionTests {
  var attention = Attention()
  let terms = LeaseTerms()
  let connection = ConnectionID(number: 1)

  @Test("A lease lasts sixty seconds, and a renewal begins them anew")
  mutating func aLeaseLastsSixtySecondsAnd() {
    #expect(attention.renew(.number(1), viewing: [], under: terms, now: 0) == .taken)
    #expect(attention.isLooking(59) && !attention.isLooking(60))
    #expect(attention.renew(.number(1), viewing: [], under: terms, now: 25) == .taken)
    #expect(attention.nextExpiry == 85)
    attention.expire(85)
    #expect(attention.devices.isEmpty)
  }

  @Test("A device calls once a second, each for itself")
  mutating func aDeviceCallsOnceASecond() {
    #expect(attention.renew(.number(1), viewing: [], under: terms, now: 0) == .taken)
    #expect(attention.renew(.number(1), viewing: [], under: terms, now: .seconds(0.999)) == .tooSoon)
    #expect(attention.renew(.number(2), viewing: [], under: terms, now: .seconds(0.999)) == .taken)
    #expect(attention.renew(.number(1), viewing: [], under: terms, now: 1) == .taken)
  }

  @Test("With limits off a device calls as often as it likes")
  mutating func withLimitsOffADeviceCalls() {
    let terms = LeaseTerms(spacing: .zero)
    for _ in 0..<5 { #expect(attention.renew(.number(1), viewing: [], under: terms, now: 0) == .taken) }
  }

  @Test("A user has ten devices, and an eleventh only once one is gone")
  mutating func aUserHasTenDevicesAnd() {
    for device in 1...10 { #expect(attention.renew(.number(device), viewing: [], under: terms, now: 0) == .taken) }
    #expect(attention.renew(.number(11), viewing: [], under: terms, now: 1) == .tooManyDevices)
    #expect(!attention.mayOpen(.number(11), under: terms, now: 1))
    #expect(attention.mayOpen(.number(10), under: terms, now: 1))
    attention.end(.number(3))
    #expect(attention.renew(.number(11), viewing: [], under: terms, now: 1) == .taken)
  }

  @Test("A lease that only remembers a closed connection makes room")
  mutating func aLeaseThatOnlyRemembersA() {
    for device in 1...10 {
      let connection = ConnectionID(number: UInt64(device))
      #expect(attention.open(connection, of: .number(device), under: terms, now: 0) == .taken(replaced: nil))
    }
    #expect(attention.open(connection, of: .number(11), under: terms, now: 1) == .tooManyDevices)
    #expect(attention.close(ConnectionID(number: 4), of: .number(4), under: terms, now: 2) == true)
    #expect(attention.mayOpen(.number(11), under: terms, now: 3))
    #expect(attention.open(connection, of: .number(11), under: terms, now: 3) == .taken(replaced: nil))
    #expect(attention.devices.count == 10)
  }

  @Test("An open connection is a lease, and a closed one's runs out")
  mutating func anOpenConnectionIsALease() {
    _ = attention.open(connection, of: .number(1), under: terms, now: 0)
    #expect(attention.nextExpiry == .never)
    #expect(attention.isLooking(1_000))
    #expect(attention.close(connection, of: .number(1), under: terms, now: 1_000) == true)
    #expect(attention.isLooking(1_059) && !attention.isLooking(1_060))
  }

  @Test("A second connection of a device replaces the first, whose end then changes nothing")
  mutating func aSecondConnectionOfADevice() {
    let second = ConnectionID(number: 2)
    _ = attention.open(connection, of: .number(1), under: terms, now: 0)
    #expect(attention.open(second, of: .number(1), under: terms, now: 1) == .taken(replaced: connection))
    #expect(attention.close(connection, of: .number(1), under: terms, now: 2) == false)
    #expect(attention.connections == [second])
  }

  @Test("Viewed chats count for one lease time after the call that named them")
  mutating func viewedChatsCountForOneLease() {
    _ = attention.open(connection, of: .number(1), under: terms, now: 0)
    #expect(attention.renew(.number(1), viewing: [.number(5)], under: terms, now: 1) == .taken)
    #expect(attention.views(.number(5), under: terms, now: 60))
    #expect(!attention.views(.number(6), under: terms, now: 60))
    #expect(!attention.views(.number(5), under: terms, now: 61))
    #expect(attention.isLooking(61))
  }

  @Test("A lease that is ended under an open connection views nothing")
  mutating func aLeaseThatIsEndedUnder() {
    _ = attention.open(connection, of: .number(1), under: terms, now: 0)
    _ = attention.renew(.number(1), viewing: [.number(5)], under: terms, now: 1)
    attention.end(.number(1))
    #expect(attention.isLooking(2) && !attention.views(.number(5), under: terms, now: 2))
  }

  @Test("No more than eight viewed chats are kept")
  mutating func noMoreThanEightViewedChats() {
    _ = attention.renew(.number(1), viewing: (1...20).map { .number($0) }, under: terms, now: 0)
    #expect(attention.devices.first?.viewing.count == 8)
  }
}
