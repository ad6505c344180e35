internal import CRE2
internal import Chat

/// A regular expression, compiled by RE2, whose searches take linear time.
@safe final class Expression: Sendable {
    let term: Term
    let pattern: [UInt8]
    /// The number of its instructions: what a search costs for each byte in the worst case.
    let size: Int
    /// Invariant: it is opened in `init`, closed in `deinit`, and never changed between. RE2 lets
    /// several threads search with it at a time.
    private nonisolated(unsafe) let handle: OpaquePointer

    /// `pattern` is the term without its slashes.
    init(_ term: Term, pattern: String) throws(TermRefusal) {
        self.term = term
        let characters = term.text.unicodeScalars.count
        guard characters <= TermLimits.characters else { throw .tooLong(characters) }
        self.pattern = Array(pattern.utf8)
        let (handle, problem) = unsafe Self.opened(self.pattern)
        guard let handle = unsafe handle else {
            throw problem.contains("too large") ? .tooLarge : .broken(problem)
        }
        unsafe self.handle = handle
        size = unsafe Int(cre2_size(handle))
        guard size <= TermLimits.instructions else { throw .tooLarge }
        guard !finds([]) else { throw .meetsEverything }
    }

    deinit {
        unsafe cre2_close(handle)
    }

    /// Whether it matches somewhere in the text, which is UTF-8.
    func finds(_ text: [UInt8]) -> Bool {
        // Invariant: the C function reads `count` bytes from `baseAddress`.
        unsafe text.withUnsafeBufferPointer {
            unsafe cre2_finds(handle, $0.baseAddress, $0.count)
        }
    }

    /// The compiled pattern, or the problem of it.
    private static func opened(_ pattern: [UInt8]) -> (OpaquePointer?, problem: String) {
        var error = [CChar](repeating: 0, count: 512)
        // Invariant: the C function reads `count` bytes from `baseAddress`, and writes a text and
        // its end to at most `error.count` bytes.
        let handle = unsafe pattern.withUnsafeBufferPointer { pattern in
            unsafe error.withUnsafeMutableBufferPointer { error -> OpaquePointer? in
                guard let start = error.baseAddress else { return nil }
                return unsafe cre2_open(
                    pattern.baseAddress, pattern.count, TermLimits.expressionBytes, start,
                    error.count)
            }
        }
        let bytes = error.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        return unsafe (handle, String(decoding: bytes, as: UTF8.self))
    }
}
