// Replay: plays a timing trace of real chats against a server and checks that every client got everything.
// May import: ChatDomain, LoadClient, NIO, ArgumentParser, FoundationEssentials.
