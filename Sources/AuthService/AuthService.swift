// AuthService: the auth role. Users, log-in, tokens, throttles.
// May import: ChatDomain, AuthValidator, HTTPServer, CSodium, Crypto, Metrics, Logging, FoundationEssentials.
