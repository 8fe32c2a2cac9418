// Metrics: counters, gauges and histograms, and their Prometheus text form.
// May import: the standard library, Synchronization.
