public import Identity

/// Everything that may change while a server runs. It is replaced whole, by
/// ``Server/settingsChanged(_:)``, and each part of the server is told.
///
/// ``Limits/connections`` is an exception: the table of connections is made once, so its value at
/// start stays in force.
public struct Settings: Equatable, Sendable {
    public var limits: Limits
    /// The origins whose pages may connect; all if it is empty.
    public var origins: [String]
    public var proxies: TrustedProxies
    /// Whether longer messages are deflated for clients that can inflate them.
    public var compression: Bool
    /// Seconds for which browsers must use encryption, once they have; 0: they aren't told.
    public var strictTransport: Int
    /// Names that guests can't take, nor one that looks like one of them.
    public var reservedNames: [String]
    /// The static keys of programs that use the HTTP API.
    public var apiKeys: APIKeys
    /// The token that `/metrics` needs. Nil if it needs none.
    public var metricsToken: String?
    /// The limits that the operator has changed, for those that watch the server.
    public var changedLimits: [ChangedLimit] = []

    public init(
        limits: Limits = Limits(), origins: [String] = [],
        proxies: TrustedProxies = TrustedProxies(), compression: Bool = true,
        strictTransport: Int = 0, reservedNames: [String] = [], apiKeys: APIKeys = APIKeys()
    ) {
        self.limits = limits
        self.origins = origins
        self.proxies = proxies
        self.compression = compression
        self.strictTransport = strictTransport
        self.reservedNames = reservedNames
        self.apiKeys = apiKeys
    }
}
