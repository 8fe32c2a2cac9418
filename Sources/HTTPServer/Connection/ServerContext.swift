import Logging

/// What all connections of a server share.
struct ServerContext: Sendable {
  let limits: ServerLimits
  let trustedProxies: TrustedProxies
  let responder: Responder
  let crossOrigin: CrossOriginPolicy
  let census: ConnectionCensus
  let logger: Logger
}
