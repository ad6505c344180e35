/// Bytes in flight in one direction of a connection.
struct ByteQueue {
    private var bytes: [UInt8] = []
    /// The index of the first byte that wasn't taken.
    private var start = 0

    var count: Int { bytes.count - start }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ more: some Collection<UInt8>) {
        bytes.append(contentsOf: more)
    }

    /// Takes the first `limit` bytes, or all if there are fewer.
    mutating func take(_ limit: Int) -> [UInt8] {
        let end = start + min(limit, count)
        if start == 0, end == bytes.count {
            defer { bytes = [] }
            return bytes
        }
        let taken = Array(bytes[start..<end])
        start = end
        if start * 2 >= bytes.count {
            bytes.removeSubrange(..<start)
            start = 0
        }
        return taken
    }

    mutating func removeAll() {
        bytes = []
        start = 0
    }
}
