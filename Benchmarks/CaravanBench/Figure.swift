import FoundationEssentials
import Glibc

/// One measurement.
struct Measured: Sendable {
  let figure: String
  let unit: String
  /// What it is to reach; nil: none is set.
  let goal: String?
  let value: Double

  init(_ figure: String, _ value: Double, _ unit: String, goal: String? = nil) {
    self.figure = figure
    self.value = value
    self.unit = unit
    self.goal = goal
  }
}

/// A figure with its runs.
struct Figure: Encodable {
  let figure: String
  /// The median.
  let value: Double
  let unit: String
  let goal: String?
  let runs: [Double]

  /// Of runs that measured the same figures in the same order.
  static func medians(of runs: [[Measured]]) -> [Figure] {
    guard let first = runs.first else { return [] }
    return first.indices.map { index in
      let values = runs.compactMap { $0.indices.contains(index) ? rounded($0[index].value) : nil }
      return Figure(
        figure: first[index].figure, value: values.sorted()[values.count / 2], unit: first[index].unit,
        goal: first[index].goal, runs: values)
    }
  }

  /// To four digits: more would claim too much.
  private static func rounded(_ value: Double) -> Double {
    guard value > 0 else { return value }
    let scale = pow(10, 3 - floor(log10(value)))
    return (value * scale).rounded() / scale
  }

  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
