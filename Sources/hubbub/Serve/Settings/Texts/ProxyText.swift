internal import Reactor

/// Addresses of proxies as people write them: `127.0.0.1, 10.0.0.0/8, [::1], localhost`.
enum ProxyText {
    /// The blocks in a list. Nil if one of them isn't valid.
    static func list(_ text: String) -> [AddressBlock]? {
        let blocks = text.commaList.map(blocks)
        return blocks.isEmpty || blocks.contains([]) ? nil : blocks.flatMap(\.self)
    }

    /// What is wrong with the text. Nil if the reason is unknown.
    static func hint(_ text: String) -> String? {
        guard let wrong = text.commaList.first(where: { blocks($0).isEmpty }) else { return nil }
        if wrong == "*" { return "0.0.0.0/0,::/0 would trust everybody" }
        if let end = wrong.lastIndex(of: ":"), !blocks(String(wrong[..<end])).isEmpty {
            return "\(wrong) has a port, but each connection has a different one"
        }
        let isName = wrong.contains { $0.isLetter } && !wrong.contains(":")
        return isName ? "\(wrong) is a name, and names are not looked up" : nil
    }

    /// The blocks of one element of the list. Empty if it isn't valid.
    private static func blocks(_ text: String) -> [AddressBlock] {
        let addresses =
            if text == "localhost" {
                ["127.0.0.1", "::1"]
            } else if text.hasPrefix("["), text.hasSuffix("]") {
                [String(text.dropFirst().dropLast())]
            } else {
                [text]
            }
        return addresses.compactMap(AddressBlock.init)
    }
}
