import Metrics

/// What the auth role counts.
struct AuthMetrics: Sendable {
  let registrations: Counter
  let registrationsRefused: Counter
  let loginsSucceeded: Counter
  let loginsFailed: Counter
  let loginsThrottled: Counter
  let refreshesSucceeded: Counter
  let refreshesReused: Counter
  let refreshesUnknown: Counter

  init(_ registry: MetricsRegistry) {
    func counter(_ name: String, _ help: String, _ result: String) -> Counter {
      registry.counter(name, help: help, labels: ["result": result])
    }
    registrations = counter("auth_registrations_total", "Accounts asked for.", "created")
    registrationsRefused = counter("auth_registrations_total", "Accounts asked for.", "refused")
    loginsSucceeded = counter("auth_logins_total", "Log-ins.", "succeeded")
    loginsFailed = counter("auth_logins_total", "Log-ins.", "failed")
    loginsThrottled = counter("auth_logins_total", "Log-ins.", "throttled")
    refreshesSucceeded = counter("auth_token_refreshes_total", "Refresh tokens presented.", "succeeded")
    refreshesReused = counter("auth_token_refreshes_total", "Refresh tokens presented.", "reused")
    refreshesUnknown = counter("auth_token_refreshes_total", "Refresh tokens presented.", "unknown")
  }
}
