// PushStream: the event-stream channel. Open streams, their replay buffers and their limits.
// May import: ChatDomain, HTTPServer, NIO.
