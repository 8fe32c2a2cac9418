// LoadClient: a client of the HTTP contract for load tools: light, measured, and patient with a server that is killed.
// May import: ChatDomain, NIO, FoundationEssentials.
