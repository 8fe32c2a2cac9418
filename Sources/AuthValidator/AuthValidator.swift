// AuthValidator: verifies Caravan's access tokens (JWT, EdDSA) against a JWKS; shared by every service, and a library product of its own.
// May import: Crypto, FoundationEssentials. Nothing of Caravan.
