internal import WebSocket

/// What a server sends to many clients that ask for it: documents, encoded once, and the page of
/// metrics.
struct Documents {
    private var page: ReadyDocument
    private let library: ReadyDocument
    private let moderation: ReadyDocument
    private let admin: ReadyDocument
    private var examples: ReadyDocument
    /// The description of the API.
    let api: ReadyDocument
    var metrics = MetricsPage()

    /// - Parameter origins: those that may connect and may therefore show the page in a frame.
    init(origins: [String], pool: inout ChunkPool) {
        page = ReadyDocument(.chat, origins: origins, pool: &pool)
        library = ReadyDocument(.library, pool: &pool)
        moderation = ReadyDocument(.moderation, pool: &pool)
        // No other site may show it in a frame.
        admin = ReadyDocument(.admin, origins: [], pool: &pool)
        examples = ReadyDocument(.examples, origins: origins, pool: &pool)
        api = ReadyDocument(.api, pool: &pool)
    }

    mutating func originsChanged(_ origins: [String]) {
        page.originsChanged(.chat, origins)
        examples.originsChanged(.examples, origins)
    }

    /// The document at a route, or nil if the route has none.
    subscript(route: Route) -> ReadyDocument? {
        switch route {
        case .page: page
        case .library: library
        case .moderation: moderation
        case .admin: admin
        case .examples: examples
        case .chat, .health, .readiness, .metrics: nil
        }
    }
}
