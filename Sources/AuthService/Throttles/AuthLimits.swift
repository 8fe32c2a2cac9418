/// How often a client may try.
public struct AuthLimits: Sendable, Equatable {
  /// Off: nothing is counted. For tests and closed networks.
  public var areOn = true
  /// Accounts an hour from one address (IPv6: one /64).
  public var registrationsPerHour = 5
  /// Failed log-ins for one name from one address within the window.
  public var failuresPerName = 10
  /// Failed log-ins from one address for whatever names within the window.
  public var failuresPerAddress = 100
  /// Starts with the first failure.
  public var failureWindow = Duration.seconds(15 * 60)
  /// Addresses (and pairs of name and address) remembered by each limit; at the bound those that have used the least are forgotten.
  public var rememberedKeys = 50_000

  public init() {}
}
