internal import COpenSSL
internal import Chat

/// The key of a line or a change, by which a shard recognises it: a hash of 16 bytes that is the
/// same on all nodes, and that nobody can make collide. A guest's name is never taken for a user.
enum SendKey {
    static let length = 16

    /// Nil if the line has no key.
    static func hash(of draft: Draft) -> [UInt8]? {
        guard let key = draft.key else { return nil }
        var parts = ByteWriter()
        parts.text(draft.room.text)
        parts.byte(draft.author.user == nil ? 0 : 1)
        parts.text(draft.author.user ?? draft.username)
        parts.text(key)
        return hash(of: parts)
    }

    /// That of a change.
    static func hash(of key: ChangeKey, in room: RoomName) -> [UInt8] {
        var parts = ByteWriter()
        parts.text(room.text)
        parts.text(key.user)
        parts.text(key.key)
        return hash(of: parts)
    }

    private static func hash(of parts: ByteWriter) -> [UInt8] {
        Array(digest(of: parts.bytes).prefix(length))
    }

    /// SHA-256.
    private static func digest(of bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        // Invariant: the C function reads exactly the bytes of the first buffer, which isn't empty,
        // and writes the 32 bytes of the second. It keeps neither pointer.
        let isDone = unsafe bytes.withUnsafeBufferPointer { source in
            unsafe digest.withUnsafeMutableBufferPointer { target in
                guard let start = source.baseAddress, let digest = target.baseAddress else {
                    return false
                }
                return unsafe copenssl_sha256(start, source.count, digest) == 1
            }
        }
        precondition(isDone, "OpenSSL has no SHA-256, which keys of lines need")
        return digest
    }
}
