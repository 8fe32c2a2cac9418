// Billing: what Firestore costs. Prices as data, the meter, the budget governor, and the planner, which replays traffic in virtual time. All are values.
// May import: ChatDomain, Aggregation, swift-collections. No clock, no await, no IO, no logging.
