/// What to do with an event stream once the answer's head has been written.
///
/// `opened` is called exactly once, on the stream's event loop, and must not block. It is called even when the client has gone in the
/// meantime: then with a stream that is closed already, whose `onClose` runs at once. So whatever was reserved for the stream is released
/// in one place.
public struct EventStreamOpening: Sendable {
  let opened: @Sendable (EventStream) -> Void

  public init(_ opened: @escaping @Sendable (EventStream) -> Void) { self.opened = opened }
}
