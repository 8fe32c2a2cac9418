extension PlanReport {
  private struct Column {
    let title: String
    let cells: [String]
    let isText: Bool

    init(_ title: String, of rows: [Row], isText: Bool = false, _ cell: (Row) -> String) {
      self.title = title
      cells = rows.map(cell)
      self.isText = isText
    }

    var width: Int { cells.reduce(title.count) { max($0, $1.count) } }

    /// nil: the title.
    func padded(_ row: Int?) -> String {
      let text = row.map { cells[$0] } ?? title
      let padding = String(repeating: " ", count: width - text.count)
      return isText ? text + padding : padding + text
    }
  }

  private var columns: [Column] {
    var columns: [Column] = [
      Column("policy", of: policies, isText: true) { $0.policy },
      Column("writes", of: policies) { PlanReport.fixed($0.writesPerThousand, 1) },
      Column("reads", of: policies) { PlanReport.fixed($0.readsPerThousand, 1) },
      Column("deletes", of: policies) { PlanReport.fixed($0.deletesPerThousand, 1) },
      Column("$/million", of: policies) { $0.dollarsPerMillion },
    ]
    if messagesPerDay != nil { columns.append(Column("$/month", of: policies) { $0.dollarsPerMonth ?? "" }) }
    columns.append(Column("mean", of: policies) { PlanReport.fixed($0.delayLooking.mean, 2) })
    columns.append(Column("p95", of: policies) { PlanReport.fixed($0.delayLooking.p95, 2) })
    columns.append(Column("max", of: policies) { PlanReport.fixed($0.delayLooking.max, 1) })
    columns.append(Column("other", of: policies) { PlanReport.fixed($0.delayOther.mean, 2) })
    columns.append(Column("reordered", of: policies) { PlanReport.fixed($0.reorderedPercent, 2) + " %" })
    return columns
  }

  /// For people: what was replayed, a line a policy, and what the names mean.
  var table: String {
    let columns = columns
    func line(_ row: Int?) -> String {
      columns.map { $0.padded(row) }.joined(separator: "  ")
    }
    let names = Column("", of: policies, isText: true) { $0.policy }
    var lines = head
    lines.append(line(nil))
    for row in policies.indices { lines.append(line(row)) }
    lines += ["", "writes, reads, deletes: per 1,000 messages. $/million: messages, at list prices, nothing free."]
    if let messagesPerDay {
      lines.append(
        "$/month: 30 days of \(PlanReport.grouped(Int(messagesPerDay))) messages, less what is free each day.")
    }
    lines += [
      "mean, p95, max: seconds that a message is held back for somebody who looks at its chat; other: mean for the others.",
      "",
    ]
    for (row, policy) in policies.enumerated() { lines.append("  \(names.padded(row))  \(policy.summary)") }
    return lines.joined(separator: "\n")
  }

  private var head: [String] {
    let counts = [(messages, "messages"), (chats, "chats"), (people, "people")]
      .map { number, what in "\(PlanReport.grouped(number)) \(what)" }
    let source = prices.source.isEmpty ? "" : ", \(prices.source)"
    let dithered = ditherSeed.map { ", times dithered by seed \($0)" } ?? ""
    return [
      "\(counts.joined(separator: ", ")), \(begin.prefix(10)) to \(end.prefix(10))\(dithered)",
      "\(PlanReport.fixed(lookingPercent, 1)) % of the messages have a recipient who looks at the chat: from "
        + "\(lookingBeforeSeconds) s before to \(lookingAfterSeconds) s after an own message",
      "Prices: \(prices.title), read on \(prices.readOn)\(source)",
      "",
    ]
  }

  private static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    let unit = decimals == 1 ? 10 : 100
    let scaled = Int((value * Double(unit)).rounded())
    let fraction = String(String(unit + scaled % unit).dropFirst())
    return "\(scaled / unit).\(fraction)"
  }
}
