// ChatService: the chat role. Chats, history, sends, read marks.
// May import: ChatDomain, HTTPServer.
