import ChatDomain

/// A push role that only remembers what it was handed.
public final class RecordingReceiver: DeliveryReceiver {
  private let recorder = Recorder<Delivery>()

  public init() {}

  public func receive(_ deliveries: [Delivery]) {
    for delivery in deliveries { recorder.record(delivery) }
  }

  public var deliveries: [Delivery] { recorder.elements }

  /// The messages among them, in order.
  public var messages: [Message] {
    deliveries.compactMap { if case .message(let message) = $0.news { message } else { nil } }
  }
}
