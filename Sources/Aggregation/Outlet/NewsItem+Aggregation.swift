import ChatDomain

extension NewsItem: AggregatorItem {
  public var group: ChatID { message.chat }
}
