import Metrics
import Testing

@testable import HTTPServer

struct NetworkTests {
  @Test(arguments: [
    ("192.0.2.7", "192.0.2.7"), ("0.0.0.0", "0.0.0.0"), ("::ffff:192.0.2.7", "192.0.2.7"), ("::1", "::1"), ("::", "::"),
    ("2001:DB8:0:0:0:0:0:7", "2001:db8::7"), ("[2001:db8::7]", "2001:db8::7"), ("fe80::1%eth0", "fe80::1"),
    ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("2001:db8::", "2001:db8::"),
    ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
  ])
  func addressesHaveOneForm(text: String, form: String) throws {
    #expect(try #require(IPAddress(text)).description == form)
  }

  @Test(arguments: [
    "", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "1.2.3.+4", ":", ":::", "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1:2:3:4:5:6:7:8::", "unknown", "::1.2.3.4.5", "1.2.3.4::",
  ])
  func whatIsNoAddressIsNone(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test func throttlesCountIPv6ByNetwork() {
    #expect(ClientAddress("2001:db8:1:2:3:4:5:6").network == "2001:db8:1:2::/64")
    #expect(ClientAddress("192.0.2.7").network == "192.0.2.7")
    #expect(ClientAddress("::ffff:192.0.2.7") == ClientAddress("192.0.2.7"))
  }

  @Test func blocksContainTheirAddresses() throws {
    let v4 = try #require(AddressBlock("10.1.0.0/16"))
    let v6 = try #require(AddressBlock("2001:db8::/33"))
    let all = try #require(AddressBlock("0.0.0.0/0"))
    func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }
    #expect(v4.contains(try address("10.1.255.255")))
    #expect(v4.contains(try address("::ffff:10.1.2.3")))
    #expect(!v4.contains(try address("10.2.0.0")))
    #expect(v6.contains(try address("2001:db8:7fff::1")))
    #expect(!v6.contains(try address("2001:db8:8000::1")))
    #expect(all.contains(try address("1.2.3.4")))
    #expect(!all.contains(try address("2001:db8::1")))
    for bad in ["10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "x/8", "::/129"] {
      #expect(AddressBlock(bad) == nil)
    }
  }

  @Test func onlyTrustedProxiesAreBelieved() throws {
    let proxies = TrustedProxies(try ["10.0.0.0/8", "::1"].map { try #require(AddressBlock($0)) })
    func client(_ peer: String, _ lines: String...) throws -> String {
      proxies.client(peer: try #require(IPAddress(peer)), forwardedFor: lines).description
    }
    #expect(try client("192.0.2.1", "198.51.100.9") == "192.0.2.1")
    #expect(try client("10.0.0.1") == "10.0.0.1")
    #expect(try client("10.0.0.1", "198.51.100.9") == "198.51.100.9")
    #expect(try client("10.0.0.1", "6.6.6.6, 198.51.100.9, 10.0.0.2") == "198.51.100.9")
    #expect(try client("10.0.0.1", "6.6.6.6", "198.51.100.9") == "198.51.100.9")
    #expect(try client("::1", "198.51.100.9:4711") == "198.51.100.9")
    #expect(try client("::1", "[2001:db8::7]:4711") == "2001:db8::7")
    #expect(try client("10.0.0.1", "198.51.100.9, garbage, 10.0.0.2") == "10.0.0.2")
    #expect(try client("10.0.0.1", "10.0.0.3, 10.0.0.2") == "10.0.0.3")
  }

  @Test func theCensusCountsByAddressAndGivesBack() throws {
    var limits = ServerLimits()
    limits.connectionsPerAddress = 2
    let census = ConnectionCensus(limits: limits, trustedProxies: TrustedProxies(), metrics: MetricsRegistry())
    let one = try #require(IPAddress("2001:db8::1"))
    let neighbour = try #require(IPAddress("2001:db8::2"))
    let other = try #require(IPAddress("192.0.2.1"))
    let local = try #require(IPAddress("127.0.0.1"))
    #expect(census.admit(one) == .welcome(counted: true))
    #expect(census.admit(neighbour) == .welcome(counted: true))
    #expect(census.admit(one) == .refused)
    #expect(census.admit(other) == .welcome(counted: true))
    for _ in 0..<5 { #expect(census.admit(local) == .welcome(counted: false)) }
    census.left(neighbour, .welcome(counted: true))
    #expect(census.admit(one) == .welcome(counted: true))
  }

  @Test func theCensusTellsWhenAllHaveGone() {
    let census = ConnectionCensus(limits: ServerLimits(), trustedProxies: TrustedProxies(), metrics: MetricsRegistry())
    let calls = Counter()
    let admission = census.admit(nil)
    census.handlerBegan()
    census.onceEmpty { calls.add() }
    census.left(nil, admission)
    #expect(calls.value == 0)
    census.handlerEnded()
    #expect(calls.value == 1)
  }

  @Test(arguments: [
    (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
    (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
  ])
  func datesAreWrittenAsTheStandardSays(seconds: Int, text: String) {
    #expect(HTTPDate.text(secondsSince1970: seconds) == text)
  }
}
