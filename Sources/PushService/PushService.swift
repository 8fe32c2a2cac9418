// PushService: the push role. Leases in, deliveries in; aggregates out to the channels.
// May import: ChatDomain, Aggregation, HTTPServer.
