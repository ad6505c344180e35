internal import CHiredis
internal import Glibc
internal import Reactor

/// A connection to Redis: bytes out, replies in. No call waits. One thread uses it.
///
/// Invariant of the unsafe calls here: the connection is opened once, and closed once, with this
/// object. Texts and bytes are lent to hiredis for one call. A reply is copied, and then freed
/// once; an element is asked for only below its array's count.
@safe final class RedisSocket {
    private let connection: OpaquePointer

    /// Starts to connect. ``connected()`` tells the outcome once the descriptor is writable.
    init(to place: RedisPlace) throws(RedisProblem) {
        let opened =
            switch place {
            case .address(let address): unsafe chiredis_connect(address.host, address.port)
            case .local(let path): unsafe chiredis_connect_local(path)
            }
        guard let opened = unsafe opened else { throw RedisProblem("there is no memory") }
        unsafe connection = opened
        try check()
    }

    deinit { unsafe chiredis_close(connection) }

    var descriptor: Int32 { unsafe chiredis_descriptor(connection) }

    /// Throws if it could not connect.
    func connected() throws(RedisProblem) {
        let result = unsafe chiredis_connected(connection)
        if result < 0 { throw RedisProblem(SystemError.text(-result)) }
    }

    /// Sends as much of `bytes` as the kernel takes, and returns how much that is.
    func send(_ bytes: ArraySlice<UInt8>) throws(RedisProblem) -> Int {
        let sent = unsafe bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            return unsafe chiredis_send(connection, start, bytes.count)
        }
        return try checked(sent) ?? 0
    }

    /// Takes the bytes that have arrived, at most 64 KiB, and appends the replies that they
    /// complete. Returns false if no byte was there.
    func receive(into values: inout [RedisValue]) throws(RedisProblem) -> Bool {
        guard let count = try checked(unsafe chiredis_receive(connection)) else { return false }
        if count == 0 { throw RedisProblem("Redis has closed the connection") }
        while let reply = unsafe chiredis_next(connection) {
            unsafe values.append(Self.value(reply))
            unsafe chiredis_free(reply)
        }
        try check()
        return true
    }

    /// Nil if the call would have waited.
    private func checked(_ result: Int) throws(RedisProblem) -> Int? {
        if result >= 0 { return result }
        let number = Int32(truncatingIfNeeded: -result)
        if number == EAGAIN || number == EINTR { return nil }
        throw RedisProblem(SystemError.text(number))
    }

    private func check() throws(RedisProblem) {
        if let problem = unsafe chiredis_problem(connection) {
            throw RedisProblem(unsafe String(cString: problem))
        }
    }

    private static func value(_ reply: OpaquePointer) -> RedisValue {
        let node = unsafe chiredis_look(reply)
        let bytes = unsafe UnsafeBufferPointer(
            start: node.kind == .array ? nil : node.bytes,
            count: node.kind == .array || node.bytes == nil ? 0 : node.count)
        switch unsafe node.kind {
        case .string: return unsafe .string(Array(bytes))
        case .status: return unsafe .status(String(decoding: bytes, as: UTF8.self))
        case .error: return unsafe .error(String(decoding: bytes, as: UTF8.self))
        case .integer: return unsafe .integer(node.integer)
        case .null: return .null
        case .array:
            return unsafe .array(
                (0..<node.count).map { unsafe value(chiredis_element(reply, $0)) })
        case .unknown: return .error("ERR unknown kind of reply")
        }
    }
}
