/// Bytes on their way in one direction of a connection.
struct ByteQueue {
    private var bytes: [UInt8] = []
    /// Bytes before this place were taken.
    private var start = 0

    var count: Int { bytes.count - start }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ more: some Collection<UInt8>) {
        bytes.append(contentsOf: more)
    }

    /// The first `limit` bytes, or all there are.
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
