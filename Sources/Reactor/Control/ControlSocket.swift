internal import CLinux

/// The socket in a directory by which its owner asks a daemon for something. It is no part of a
/// reactor: its calls block, on threads of their own.
///
/// A request is a line of text. The answer is a line with an exit code, and then any text.
///
/// Invariant of the unsafe calls here: each passes the address of memory that this frame owns, with
/// its true size, to a function that doesn't keep it.
public enum ControlSocket {
    /// Bytes of a request, and of an answer.
    private static let limit = 65_536

    /// Listens in a directory, in the place of an old socket. Call it before other threads create
    /// files.
    public static func listen(in directory: String) throws(SystemError) -> Socket {
        Socket(rawValue: unsafe try checked(clinux_control_listen(directory), "bind"))
    }

    /// Answers one request after the other, for ever. Returns only if the system refuses.
    public static func serve(
        _ listener: Socket, _ answer: (String) -> (status: Int32, text: String)
    ) {
        while true {
            let client = clinux_control_accept(listener.rawValue)
            if client == -EINTR || client == -ECONNABORTED { continue }
            guard client >= 0 else { return }
            let request = read(client) { $0.contains(UInt8(ascii: "\n")) }
            if let line = request.split(separator: "\n").first {
                let (status, text) = answer(String(line))
                write("\(status)\n\(text)", to: client)
            }
            _ = clinux_close(client)
        }
    }

    /// Asks the daemon of a directory. Nil if its answer was cut off.
    public static func ask(
        _ request: String, in directory: String
    ) throws(SystemError) -> (status: Int32, text: String)? {
        let client = unsafe try checked(clinux_control_connect(directory), "connect")
        defer { _ = clinux_close(client) }
        write(request + "\n", to: client)
        let answer = read(client) { _ in false }
        guard let end = answer.firstIndex(of: "\n"), let status = Int32(answer[..<end]) else {
            return nil
        }
        return (status, String(answer[answer.index(after: end)...]))
    }

    private static func read(_ descriptor: Int32, until isDone: ([UInt8]) -> Bool) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while bytes.count < limit, !isDone(bytes) {
            let count = unsafe buffer.withUnsafeMutableBytes { space in
                unsafe clinux_receive(descriptor, space.baseAddress, space.count)
            }
            if count == -Int(EINTR) { continue }
            guard count > 0 else { break }
            bytes += buffer.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeMutableBytes { rest in
                var vector = unsafe iovec(iov_base: rest.baseAddress, iov_len: rest.count)
                return unsafe clinux_send(descriptor, &vector, 1)
            }
            if count == -Int(EINTR) { continue }
            guard count > 0 else { return }
            bytes.removeFirst(count)
        }
    }
}
