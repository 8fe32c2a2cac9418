import Metrics
import Testing

struct MetricsTests {
  @Test func theTextIsPrometheus() {
    let registry = MetricsRegistry()
    registry.counter("a_total", help: "Counts \\ things\nof two lines.", labels: ["x": "q\"\\\n"]).add(3)
    registry.gauge("b", help: "A gauge.").set(-2)
    registry.gauge("c", help: "Asked.") { 1.5 }
    registry.gauge("d", help: "Absent.") { nil }
    #expect(
      registry.render() == """
        # HELP a_total Counts \\\\ things\\nof two lines.
        # TYPE a_total counter
        a_total{x="q\\"\\\\\\n"} 3
        # HELP b A gauge.
        # TYPE b gauge
        b -2
        # HELP c Asked.
        # TYPE c gauge
        c 1.5
        # HELP d Absent.
        # TYPE d gauge

        """)
  }

  @Test func theSameNameAndLabelsAreTheSameMetric() {
    let registry = MetricsRegistry()
    registry.counter("a_total", help: "", labels: ["x": "1"]).add()
    registry.counter("a_total", help: "", labels: ["x": "1"]).add()
    registry.counter("a_total", help: "", labels: ["x": "2"]).add()
    registry.gauge("a_total", help: "").set(9)
    let text = registry.render()
    #expect(text.contains("a_total{x=\"1\"} 2\na_total{x=\"2\"} 1\n"))
    #expect(!text.contains("9"))
  }

  @Test func histogramsCumulate() {
    let registry = MetricsRegistry()
    let histogram = registry.histogram("h_seconds", help: "", labels: ["r": "x"])
    histogram.recordNanoseconds(100_000)
    histogram.recordNanoseconds(200_000)
    histogram.record(.seconds(100))
    let text = registry.render()
    #expect(text.contains("h_seconds_bucket{r=\"x\",le=\"0.000131072\"} 1\n"))
    #expect(text.contains("h_seconds_bucket{r=\"x\",le=\"0.000262144\"} 2\n"))
    #expect(text.contains("h_seconds_bucket{r=\"x\",le=\"+Inf\"} 3\n"))
    #expect(text.contains("h_seconds_count{r=\"x\"} 3\n"))
    #expect(text.contains("h_seconds_sum{r=\"x\"} 100.0003\n"))
  }

  @Test func quantilesAreWithinAQuarter() throws {
    let histogram = Histogram(unit: .count)
    #expect(histogram.quantile(0.5) == nil)
    for value in 1...10_000 { histogram.record(UInt64(value)) }
    for q in [0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1] {
      let estimate = Double(try #require(histogram.quantile(q)))
      #expect(abs(estimate - q * 10_000) <= q * 2_500, "\(q): \(estimate)")
    }
    let extremes = Histogram(unit: .count)
    extremes.record(0)
    #expect(extremes.quantile(0) == 0)
    extremes.record(.max)
    #expect(try #require(extremes.quantile(1)) >= 1 << 63)
  }

  @Test func snapshotsAddUp() {
    let a = Histogram(unit: .count)
    let b = Histogram(unit: .count)
    a.record(10)
    b.record(30)
    var sum = a.snapshot()
    sum.add(b.snapshot())
    #expect(sum.count == 2)
    #expect(sum.sum == 40)
    #expect(sum.mean == 20)
  }

  #if os(Linux)
    @Test func theProcessIsMeasured() throws {
      #expect(try #require(ProcessMetrics.residentBytes) > 1_000_000)
      #expect(try #require(ProcessMetrics.openFileDescriptors) >= 3)
      #expect(try #require(ProcessMetrics.startTime) > 1_600_000_000)
      #expect(try #require(ProcessMetrics.processorSeconds) > 0)
      let registry = MetricsRegistry()
      registry.addProcessMetrics()
      #expect(registry.render().contains("process_resident_memory_bytes "))
    }
  #endif
}
