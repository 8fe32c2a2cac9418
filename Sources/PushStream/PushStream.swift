// PushStream: the event-stream channel. Open streams, what is written to them, and when they end.
// May import: ChatDomain, HTTPServer, Metrics, NIOCore.
