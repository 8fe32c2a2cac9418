import Foundation
import Testing
import Traces

private let longLine = String(repeating: "1", count: 1_000)

@Suite struct TraceTests {
  private let header = "time_ms,chat,sender,size\n"

  @Test("A trace is read in order of time")
  func aTraceIsReadInOrder() throws {
    let trace = try TraceParser.parse(header + "20,1,0,5\n10,0,1,0\n10,1,1,7\n")
    #expect(trace.map(\.time) == [10, 10, 20])
    #expect(trace.map(\.chat) == [0, 1, 1])
    #expect(trace[2] == TraceMessage(time: 20, chat: 1, sender: 0, size: 5))
  }

  @Test("The limit counts messages")
  func theLimitCountsMessages() throws {
    #expect(try TraceParser.parse(header + "1,0,0,0\n2,0,0,0\n3,0,0,x\n", limit: 2).count == 2)
  }

  @Test("Carriage returns, empty lines, early times and a missing last line feed are fine")
  func carriageReturnsEmptyLinesAndA() throws {
    let trace = try TraceParser.parse("time_ms,chat,sender,size\r\n-5,0,0,0\r\n\n7,1,2,3")
    #expect(trace.map(\.time) == [-5, 7])
    #expect(trace[1] == TraceMessage(time: 7, chat: 1, sender: 2, size: 3))
  }

  @Test(
    "A bad line is named",
    arguments: [
      "1,2,3", "1,2,3,4,5", "x,0,0,0", "1,-1,0,0", "1,0,0,-3", "1,0,,0", ",0,0,0", "1,0,0,", "-,0,0,0", "1 ,0,0,0",
      "1,0,0,0 ", "1,0,0,0\r1", "1234567890123456789,0,0,0", "1,0,0,999999999999999999999999999999",
      longLine, "\0",
    ])
  func aBadLineIsNamed(line: String) {
    #expect {
      try TraceParser.parse(header + "1,0,0,0\n\(line)\n")
    } throws: {
      ($0 as? TraceError)?.detail.contains("line 3") == true
    }
  }

  @Test("A file without header or messages is refused", arguments: ["1,0,0,0\n", "", "time_ms,chat\n1,2\n", "\n"])
  func aFileWithoutHeaderOrMessages(text: String) {
    #expect(throws: TraceError.self) { try TraceParser.parse(text) }
    #expect(throws: TraceError.self) { try TraceParser.parse(header) }
  }

  @Test("A time that goes back is named where order is wanted")
  func aTimeThatGoesBackIs() throws {
    let file = try Scratch(header + "5,0,0,0\n4,0,0,0\n")
    #expect {
      try TraceFile(file.path).read(mustBeSorted: true) { _ in true }
    } throws: {
      ($0 as? TraceError)?.detail.contains("line 3") == true
    }
    #expect(try TraceFile(file.path).messages().map(\.time) == [4, 5])
  }

  @Test("A gzipped trace is recognised by its content, also in several members")
  func aGzippedTraceIsRecognisedBy() throws {
    // `printf 'time_ms,chat,sender,size\n1,0,0,0\n' | gzip -n` and `printf '2,0,1,9\n' | gzip -n`, one after the other.
    let first = "H4sIAAAAAAAC/yvJzE2Nzy3WSc5ILNEpTs1LSS3SKc6sSuUy1DEAQS4A4iXa0SEAAAA="
    let second = "H4sIAAAAAAAC/zPSMdAx1LHkAgDNWQ09CAAAAA=="
    let bytes = try #require(Data(base64Encoded: first)) + (try #require(Data(base64Encoded: second)))
    let file = try Scratch(bytes)
    #expect(try TraceFile(file.path).messages().map(\.time) == [1, 2])
    let cut = try Scratch(bytes.dropLast(10))
    #expect(throws: TraceError.self) { try TraceFile(cut.path).messages() }
    var damaged = bytes
    damaged[20] ^= 0xFF
    let broken = try Scratch(damaged)
    #expect(throws: TraceError.self) { try TraceFile(broken.path).messages() }
  }

  @Test("A file that is not there is named")
  func aFileThatIsNotThere() {
    #expect {
      try TraceFile("/nonexistent/trace.csv").messages()
    } throws: {
      ($0 as? TraceError)?.detail.contains("/nonexistent/trace.csv") == true
    }
  }
}

/// A file of its own, gone with this.
final class Scratch {
  let path: String

  init(_ bytes: some DataProtocol) throws {
    path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  convenience init(_ text: String) throws { try self.init(Data(text.utf8)) }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
