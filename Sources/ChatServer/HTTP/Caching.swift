internal import WebSocket

/// What each response says about who may keep it (RFC 9111 §5.2.2).
enum Caching {
    /// What it says tells of this moment alone: a cache that kept `/healthz` would call a dead
    /// daemon alive.
    static let never = ResponseHead.Field(name, "no-store")
    /// It may be kept, and is asked for each time whether it is still the right one, so that a new
    /// version of the program is seen at once.
    static let checked = ResponseHead.Field(name, "no-cache")

    private static let name = "Cache-Control"

    /// The fields of a response; one that says nothing about caches is kept by none.
    static func stated(in fields: [ResponseHead.Field]) -> [ResponseHead.Field] {
        fields.contains { $0.name == name } ? fields : fields + [never]
    }
}
