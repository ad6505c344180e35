/// A set of bytes, as a table.
struct ByteSet: Sendable {
    private var isMember = [Bool](repeating: false, count: 256)

    init(_ members: String) {
        for byte in members.utf8 { isMember[Int(byte)] = true }
    }

    func contains(_ byte: UInt8) -> Bool {
        isMember[Int(byte)]
    }

    /// The first byte of `bytes` that isn't in the set, or the end.
    func end(in bytes: Span<UInt8>) -> Int {
        let isMember = isMember.span
        for index in bytes.indices where !isMember[Int(bytes[index])] { return index }
        return bytes.count
    }

    private static let alphanumeric =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    /// `tchar` (RFC 9110 §5.6.2).
    static let token = ByteSet(alphanumeric + "!#$%&'*+-.^_`|~")
    /// What a `reg-name` is made of: unreserved, sub-delims, `%` (RFC 3986 §3.2.2).
    static let registeredName = ByteSet(alphanumeric + "-._~!$&'()*+,;=%")
    /// The digits of base64 (RFC 4648 §4).
    static let base64 = ByteSet(alphanumeric + "+/")
}
