// Aggregation: the pure heart of the push economy. Aggregator, attention leases, window policies and the watermark, as values that take events and the time.
// May import: ChatDomain, swift-collections. No clock, no await, no logging.
