// Replay: plays a timing trace of real chats against a server and checks that every client got everything.
// May import: ChatDomain, Traces, LoadClient, NIO, ArgumentParser, FoundationEssentials.
