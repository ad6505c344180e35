/// Hides passwords in URLs.
enum URLSecrets {
    /// The text with `***` in the place of a password.
    static func hidden(in text: String) -> String {
        guard let start = text.firstRange(of: "://")?.upperBound else { return text }
        // A password that isn't percent-encoded may contain anything, so what is before the last @
        // is hidden.
        guard let end = text[start...].lastIndex(of: "@") else { return text }
        guard let colon = text[start..<end].firstIndex(of: ":") else { return text }
        return text[...colon] + "***" + text[end...]
    }
}
