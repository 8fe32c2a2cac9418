/// What an `Aggregator` collects.
public protocol AggregatorItem {
  associatedtype Group: Hashable
  /// Items of one group stand together in an aggregate: the chat.
  var group: Group { get }
  /// Size for the limits, in bytes.
  var bytes: Int { get }
}
