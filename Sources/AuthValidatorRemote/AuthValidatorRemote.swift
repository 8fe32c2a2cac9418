// AuthValidatorRemote: fetches and refreshes a JWKS by URL, for services outside Caravan.
// May import: AuthValidator, FoundationNetworking.
