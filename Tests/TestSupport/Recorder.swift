import Synchronization

/// Collects what callbacks on other threads say, in order.
public final class Recorder<Element: Sendable>: Sendable {
  private let storage = Mutex<[Element]>([])

  public init() {}

  public func record(_ element: Element) { storage.withLock { $0.append(element) } }

  public var elements: [Element] { storage.withLock { $0 } }
}
