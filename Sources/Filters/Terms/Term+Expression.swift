internal import Chat

extension Term {
    /// The regular expression, if it is one: `/…/`, or `/…/i`, which means the same, because case
    /// is ignored anyway.
    var expression: Substring? {
        for end in ["/", "/i"] where text.utf8.count > 1 + end.utf8.count {
            if text.hasPrefix("/"), text.hasSuffix(end) {
                return text.dropFirst().dropLast(end.utf8.count)
            }
        }
        return nil
    }
}
