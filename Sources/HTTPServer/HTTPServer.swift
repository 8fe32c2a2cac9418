// HTTPServer: HTTP/1.1 on SwiftNIO. Routing, bodies, problem+json, event streams, static files, limits, draining.
// May import: NIO, Logging, Metrics. Nothing of the chat.
