import ChatDomain
import Foundation

/// The bodies of Firestore's `documents:batchWrite` (REST reference, v1).
enum BatchWriteCoding {
  static func request(_ documents: [MailboxDocument]) -> [UInt8] {
    var json = JSONBytes(reservingCapacity: 64 + documents.count * 1_024)
    json.raw(#"{"writes":["#)
    for (position, document) in documents.enumerated() {
      let fields = document.fields
      if position > 0 { json.raw(",") }
      json.raw(#"{"update":{"name":"#)
      json.string(document.name)
      json.raw(#","fields":{"epoch":{"stringValue":"#)
      json.string(fields.epoch)
      // 64-bit integers are strings in Google's JSON.
      json.raw(#"},"first":{"integerValue":""#)
      json.integer(fields.first)
      json.raw(#""},"seq":{"integerValue":""#)
      json.integer(fields.seq)
      json.raw(#""},"news":{"stringValue":"#)
      json.string(String(decoding: fields.news, as: UTF8.self))
      json.raw(#"},"reads":{"stringValue":"#)
      json.string(String(decoding: fields.reads, as: UTF8.self))
      json.raw("}}}}")
    }
    json.raw("]}")
    return json.bytes
  }

  private struct Answer: Decodable {
    struct Status: Decodable {
      /// google.rpc.Code; absent for OK.
      let code: Int?
    }
    let status: [Status]?
  }

  /// The result of each write, in order; nil for an answer that is none.
  static func results(_ body: Data, of count: Int) -> [WriteResult]? {
    guard let answer = try? JSONDecoder().decode(Answer.self, from: body), let status = answer.status,
      status.count == count
    else { return nil }
    return status.map { result(code: $0.code ?? 0) }
  }

  /// What another try can mend is tried again; invalid documents never are (google.rpc.Code).
  private static func result(code: Int) -> WriteResult {
    switch code {
    case 0: .written
    case 3, 9, 11, 12: .refused  // INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE, UNIMPLEMENTED
    default: .unavailable
    }
  }
}
