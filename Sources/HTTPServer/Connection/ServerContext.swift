import Logging

/// What all connections of a server share. A class, so that a connection holds one reference.
final class ServerContext: Sendable {
  let limits: ServerLimits
  let trustedProxies: TrustedProxies
  let responder: Responder
  let crossOrigin: CrossOriginPolicy
  let census: ConnectionCensus
  let logger: Logger

  init(
    limits: ServerLimits, trustedProxies: TrustedProxies, responder: Responder, crossOrigin: CrossOriginPolicy,
    census: ConnectionCensus, logger: Logger
  ) {
    self.limits = limits
    self.trustedProxies = trustedProxies
    self.responder = responder
    self.crossOrigin = crossOrigin
    self.census = census
    self.logger = logger
  }
}
