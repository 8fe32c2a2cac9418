import Billing
import ChatDomain
import FoundationEssentials

/// What `caravan plan` says: the figures, as JSON or as a table.
struct PlanReport: Encodable {
  struct Delay: Encodable {
    /// Seconds.
    let mean: Double
    let p95: Double
    let max: Double

    init(_ delays: Delays) {
      mean = PlanReport.rounded(delays.meanMilliseconds / 1_000, 1_000)
      p95 = Double(delays.percentileMilliseconds(95)) / 1_000
      max = Double(delays.maxMilliseconds) / 1_000
    }
  }

  struct Row: Encodable {
    let policy: String
    let summary: String
    let writesPerThousand: Double
    let readsPerThousand: Double
    /// Those of the reads that are due to listeners beginning to look.
    let attachReadsPerThousand: Double
    let deletesPerThousand: Double
    /// US dollars, as text.
    let dollarsPerMillion: String
    let dollarsPerMonth: String?
    /// Of messages whose recipient looks at the chat.
    let delayLooking: Delay
    /// Of the others that were pushed.
    let delayOther: Delay
    let reorderedPercent: Double
  }

  let messages: Int
  let chats: Int
  let people: Int
  let begin: String
  let end: String
  /// Of the messages, percent.
  let lookingPercent: Double
  let lookingBeforeSeconds: Int64
  let lookingAfterSeconds: Int64
  let stayAttachedSeconds: Int64
  let ditherSeed: UInt64?
  let prices: PriceBook
  let messagesPerDay: Int64?
  let policies: [Row]

  init(_ replay: TrafficReplay, _ outcomes: [PolicyOutcome], prices book: PriceBook, perDay: Int64?, dither: UInt64?) {
    let traffic = replay.traffic
    messages = traffic.messageCount
    chats = traffic.chatCount
    people = traffic.personCount
    begin = traffic.begin?.description ?? ""
    end = traffic.end?.description ?? ""
    lookingPercent = PlanReport.rounded(Double(replay.seenCount) * 100 / Double(max(1, traffic.messageCount)), 10)
    lookingBeforeSeconds = replay.rule.beforeSending / 1_000
    lookingAfterSeconds = replay.rule.afterSending / 1_000
    stayAttachedSeconds = replay.rule.stayingAttached / 1_000
    ditherSeed = dither
    prices = book
    messagesPerDay = perDay
    policies = outcomes.map { outcome in
      func perThousand(_ count: Int64) -> Double { PlanReport.rounded(outcome.perThousand(count), 10) }
      return Row(
        policy: outcome.policy.description, summary: outcome.policy.summary,
        writesPerThousand: perThousand(outcome.operations.writes),
        readsPerThousand: perThousand(outcome.operations.reads),
        attachReadsPerThousand: perThousand(outcome.attachReads),
        deletesPerThousand: perThousand(outcome.operations.deletes),
        dollarsPerMillion: String(outcome.costPerMillion(book).rounded(decimals: 2).dropFirst()),
        dollarsPerMonth: perDay.map {
          String((outcome.costOfDay(messages: $0, book) * 30).rounded(decimals: 2).dropFirst())
        },
        delayLooking: Delay(outcome.seenDelays), delayOther: Delay(outcome.otherDelays),
        reorderedPercent: PlanReport.rounded(outcome.reorderedPercent, 100))
    }
  }

  private static func rounded(_ value: Double, _ unit: Double) -> Double { (value * unit).rounded() / unit }

  var json: String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
