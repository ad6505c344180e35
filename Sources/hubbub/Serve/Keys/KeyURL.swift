/// The address of a set of keys.
enum KeyURL {
    /// Whether it is an https URL without a name and password. Errors name it, and so does the log.
    static func isGood(_ text: String) -> Bool {
        let scheme = "https://"
        guard text.hasPrefix(scheme), text.utf8.allSatisfy({ 0x21..<0x7F ~= $0 }) else {
            return false
        }
        let host = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return !host.isEmpty && !host.contains("@")
    }
}
