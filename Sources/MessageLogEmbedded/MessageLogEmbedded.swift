// MessageLogEmbedded: the message log of the embedded form. A commit in the store, then the hand-over in commit order.
// May import: ChatDomain.
