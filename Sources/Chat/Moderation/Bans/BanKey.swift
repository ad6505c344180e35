/// What the entry of a ban is found by. Names are compared without regard to case.
package enum BanKey: Hashable, Sendable {
    case user(ByteText)
    case name(ByteText)
    case guest(ByteText, block: UInt64)
    case block(UInt64)

    /// The form in which names are compared.
    static func folded(_ name: String) -> ByteText { ByteText(name.lowercased()) }

    /// The key as a text. Different keys have different texts.
    package var text: String {
        switch self {
        case .user(let user): "user " + user.text
        case .name(let name): "name " + name.text
        case .guest(let name, let block): "guest \(block) " + name.text
        case .block(let block): "block \(block)"
        }
    }
}
