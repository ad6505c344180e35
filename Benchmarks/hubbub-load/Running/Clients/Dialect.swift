/// How a client speaks.
enum Dialect: String, Codable, CaseIterable {
    /// Without a subprotocol.
    case plain
    /// With the subprotocol `hubbub.v1`, which the server must choose.
    case rich = "hubbub.v1"
    /// With `hubbub.v1` where the server chooses it.
    case auto
}
