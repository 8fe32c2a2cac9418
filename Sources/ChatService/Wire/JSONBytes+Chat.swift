import ChatDomain

extension JSONBytes {
  /// `Chat` of the HTTP contract.
  mutating func chat(_ summary: ChatSummary, for viewer: UserID, names: [UserID: User]) {
    raw(#"{"id":"#)
    id(summary.chat.id)
    raw(#","kind":"#)
    string(summary.chat.kind.rawValue)
    raw(#","title":"#)
    optional(summary.chat.title)
    raw(#","member_count":"#)
    integer(summary.chat.memberCount)
    raw(#","members":"#)
    array(summary.members) { $0.member($1, names: names) }
    raw(#","created_at":"#)
    string(summary.chat.createdAt.description)
    raw(#","last_message":"#)
    if let last = summary.lastMessage { message(last, for: viewer) } else { raw("null") }
    raw(#","unread":"#)
    integer(summary.unread)
    raw(#","read_up_to":"#)
    optional(summary.readUpTo?.description)
    // Requests and blocks are not built yet.
    raw(#","state":"active"}"#)
  }

  mutating func member(_ member: MemberMark, names: [UserID: User]) {
    let user = names[member.user]
    raw(#"{"user_id":"#)
    id(member.user)
    raw(#","username":"#)
    string(user?.username ?? "")
    raw(#","display_name":"#)
    string(user?.displayName ?? "")
    raw(#","read_up_to":"#)
    optional(member.readUpTo?.description)
    raw("}")
  }

  mutating func head(_ head: ChatHead) {
    raw(#"{"chat_id":"#)
    id(head.chat)
    raw(#","last_message_id":"#)
    optional(head.lastMessage?.description)
    raw(#","unread":"#)
    integer(head.unread)
    raw("}")
  }

  /// `{"<name>":[…],"next":…}`
  static func list<Element>(
    _ name: StaticString, _ elements: [Element], next: String?, write: (inout JSONBytes, Element) -> Void
  ) -> JSONBytes {
    var json = JSONBytes(reservingCapacity: 64 + elements.count * 320)
    json.raw(#"{""#)
    json.raw(name)
    json.raw(#"":"#)
    json.array(elements, write: write)
    json.raw(#","next":"#)
    json.optional(next)
    json.raw("}")
    return json
  }

  mutating func array<Element>(_ elements: [Element], write: (inout JSONBytes, Element) -> Void) {
    raw("[")
    for (position, element) in elements.enumerated() {
      if position > 0 { raw(",") }
      write(&self, element)
    }
    raw("]")
  }

  private mutating func id<Subject>(_ id: Identifier<Subject>) { string(id.description) }

  mutating func optional(_ text: String?) {
    if let text { string(text) } else { raw("null") }
  }
}
