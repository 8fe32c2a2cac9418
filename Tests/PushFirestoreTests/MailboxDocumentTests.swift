import ChatDomain
import Foundation
import Testing

@testable import PushFirestore

@Suite("The mailbox document")
struct MailboxDocumentTests {
  private struct Entry: Decodable {
    struct Item: Decodable {
      let text: String?
      let key: String?
      let fetch: Bool?
    }
    let seq: UInt64
    let chat_id: String
    let messages: [Item]
  }

  private func entries(_ document: MailboxDocument) throws -> [Entry] {
    try JSONDecoder().decode([Entry].self, from: Data(document.fields.news))
  }

  @Test("It holds the aggregate, its numbers and its receipts, grouped by chat")
  func holds() throws {
    let read = ReadMark(chat: .number(1), user: .number(2), upTo: TimeUUID(ticks: 7, tail: 0))
    let document = MailboxDocument(
      publication(aggregate(3, [item("a"), item("b"), item("c", chat: 2)], reads: [read])), root: root, cap: 4_096)
    let fields = document.fields
    #expect(document.name == "\(root)/mailboxes/\(UserID.number(1))")
    #expect((fields.epoch, fields.first, fields.seq) == ("0000000000000007", 3, 3))
    let entries = try entries(document)
    #expect(entries.map { $0.messages.map(\.text) } == [["a", "b"], ["c"]])
    #expect(String(decoding: fields.reads, as: UTF8.self).contains(#""message_id":"00000007-0000-1000-"#))
  }

  @Test("Aggregates before it stay in it, newest first, as far as the cap lets them")
  func keepsRecent() throws {
    let recent = (1...6).map { aggregate(UInt64($0), [item("message \($0)")]) }
    let roomy = MailboxDocument(publication(aggregate(7, [item("last")]), recent: recent), root: root, cap: 4_096)
    #expect(roomy.fields.first == 1)
    #expect(try entries(roomy).map(\.seq) == Array(1...7))
    let tight = MailboxDocument(publication(aggregate(7, [item("last")]), recent: recent), root: root, cap: 1_200)
    let first = tight.fields.first
    #expect(first > 1 && first < 7)
    #expect(try entries(tight).map(\.seq) == Array(first...7))
  }

  @Test("It never exceeds its cap: one stub a chat stands for an aggregate that is too large", arguments: [1, 3])
  func collapses(chats: Int) throws {
    let items = (0..<chats).flatMap { chat in (0..<30).map { item("message \($0)", chat: chat + 1) } }
    let document = MailboxDocument(publication(aggregate(1, items)), root: root, cap: 4_096)
    let fields = document.fields
    #expect(fields.news.count + fields.reads.count <= 4_096)
    let entries = try entries(document)
    #expect(entries.count == chats)
    #expect(entries.allSatisfy { $0.messages.count == 1 && $0.messages[0].fetch == true && $0.messages[0].text == nil })
  }

  @Test("News of more chats than stubs fit is a gap: its reader catches up")
  func tooLarge() {
    let items = (1...40).map { item("hi", chat: $0) }
    let fields = MailboxDocument(publication(aggregate(5, items)), root: root, cap: 4_096).fields
    #expect((fields.first, fields.seq, String(decoding: fields.news, as: UTF8.self)) == (6, 5, "[]"))
  }

  @Test("Only the sender finds their key")
  func keys() throws {
    let key = IdempotencyKey.number(5)
    let mine = item("x", from: 1, key: key)
    let own = MailboxDocument(publication(aggregate(1, [mine]), to: 1), root: root, cap: 4_096)
    let other = MailboxDocument(publication(aggregate(1, [mine]), to: 2), root: root, cap: 4_096)
    #expect(try entries(own)[0].messages[0].key == key.description)
    #expect(try entries(other)[0].messages[0].key == nil)
  }

  @Test("A base line is an empty document")
  func base() throws {
    let document = MailboxDocument(base: BaseLine(epoch: Epoch(bits: 9), seq: 0), of: .number(1), root: root)
    let fields = document.fields
    #expect((fields.first, fields.seq, String(decoding: fields.news, as: UTF8.self)) == (1, 0, "[]"))
  }

  @Test("The request is Firestore's JSON, whatever is in a text")
  func request() throws {
    let text = "\"quoted\" \\ and\nnew line \u{1F600}"
    let body = BatchWriteCoding.request([
      MailboxDocument(publication(aggregate(2, [item(text)])), root: root, cap: 4_096)
    ])
    let json = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    let writes = try #require(json["writes"] as? [[String: Any]])
    let update = try #require(writes[0]["update"] as? [String: Any])
    let fields = try #require(update["fields"] as? [String: [String: String]])
    #expect(fields["seq"] == ["integerValue": "2"])
    let news = try JSONDecoder().decode([Entry].self, from: Data(#require(fields["news"]?["stringValue"]).utf8))
    #expect(news[0].messages[0].text == text)
  }

  @Test("Each write has its own result")
  func results() {
    let body = Data(#"{"writeResults":[{},{},{}],"status":[{},{"code":3,"message":"x"},{"code":14}]}"#.utf8)
    #expect(BatchWriteCoding.results(body, of: 3) == [.written, .refused, .unavailable])
    #expect(BatchWriteCoding.results(body, of: 2) == nil)
    #expect(BatchWriteCoding.results(Data("<html>".utf8), of: 1) == nil)
  }
}
