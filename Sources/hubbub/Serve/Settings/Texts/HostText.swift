/// A name or address to listen on, as people write it: `example.org`, `::1` or `[::1]`.
struct HostText {
    /// The name or address without brackets.
    let name: String

    init?(_ text: String) {
        guard !text.isEmpty, Self.hint(text) == nil else { return nil }
        name = text.hasPrefix("[") ? String(text.dropFirst().dropLast()) : text
    }

    /// What is wrong with the text. Nil if nothing is, or if the reason is unknown.
    static func hint(_ text: String) -> String? {
        if text == "*" { return "leave it out to listen on all addresses" }
        if text.contains("/") { return "that is a URL, or a part of one" }
        let colons = text.count { $0 == ":" }
        let hasPort =
            text.hasPrefix("[") ? text.last != "]" : colons == 1
        return hasPort ? "the port is set by --port" : nil
    }
}
