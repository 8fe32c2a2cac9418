/// Takes what the log has committed: the push role's front door.
///
/// Contract. Called in log order, by one caller at a time. It must not block and must not call back. Where it cannot take more it drops, and makes
/// sure that the recipients' epochs end: history is the truth, and clients then read it.
public protocol DeliveryReceiver: Sendable {
  func receive(_ deliveries: [Delivery])
}
