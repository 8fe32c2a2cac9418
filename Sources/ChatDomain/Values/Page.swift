/// A page of a list, and where the next one starts.
public struct Page<Element: Sendable, Cursor: Sendable>: Sendable {
  public let elements: [Element]
  /// nil at the end.
  public let next: Cursor?

  public init(elements: [Element], next: Cursor?) {
    self.elements = elements
    self.next = next
  }
}
