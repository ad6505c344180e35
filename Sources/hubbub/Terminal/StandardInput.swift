internal import Glibc
internal import Reactor

/// Reads lines from standard input when it is ready. The poller watches a terminal or a pipe. It
/// can't watch a file, which is always ready.
struct StandardInput {
    /// The result of reading a line.
    enum Line: Equatable {
        case text(String)
        /// The line with this number, counted from 1, can't be sent for this reason.
        case refused(number: Int, reason: String)
    }

    /// The length in bytes over which a line is refused: far more than any server takes.
    private static let lineLimit = 1 << 20
    private static let readBytes = 65_536

    let token: Token
    let isTerminal = SystemCalls.isInputTerminal()
    private var isAtEnd = false
    /// Lines that were read but not taken, the next one last.
    private var lines: [Line] = []
    /// Whether the poller watches it.
    private var isWatched = false
    /// Whether it is read without waiting, because the poller can't watch it.
    private(set) var isFile = false
    private var partial: [UInt8] = []
    private var isTooLong = false
    private var count = 0

    init(token: Token) {
        self.token = token
    }

    /// Whether all lines have been taken.
    var hasEnded: Bool { isAtEnd && lines.isEmpty }

    /// Whether there may be further lines to read, and none waits.
    var isReadable: Bool { !isAtEnd && lines.isEmpty }

    /// Takes the next line that was read.
    mutating func next() -> Line? { lines.popLast() }

    private var socket: Socket { Socket(rawValue: STDIN_FILENO) }

    /// Starts or stops watching. While it isn't watched, input waits in the pipe or terminal.
    mutating func watch(_ wanted: Bool, by network: inout LinuxNetwork) {
        guard !isFile, wanted != isWatched else { return }
        isWatched = wanted
        guard wanted else { return network.unregister(socket) }
        do throws(SystemError) {
            try network.register(socket, token: token, interest: .readable)
        } catch {
            // EPERM: this kind of file is always ready.
            (isFile, isWatched) = (true, false)
        }
    }

    /// Reads once. Completed lines can then be taken. None may be waiting before the call.
    mutating func read() {
        guard isReadable else { return }
        switch SystemCalls.readStandardInput(limit: Self.readBytes) {
        case .wouldBlock: break
        case .bytes(let bytes):
            let feed = UInt8(ascii: "\n")
            let pieces = bytes.split(separator: feed, omittingEmptySubsequences: false)
            append(pieces[0])
            for piece in pieces.dropFirst() {
                endLine()
                append(piece)
            }
        case .end:
            isAtEnd = true
            if !partial.isEmpty || isTooLong { endLine() }
        }
        lines.reverse()
    }

    private mutating func append(_ piece: ArraySlice<UInt8>) {
        guard !isTooLong, partial.count + piece.count <= Self.lineLimit else {
            (partial, isTooLong) = ([], true)
            return
        }
        partial += piece
    }

    private mutating func endLine() {
        count += 1
        defer { (partial, isTooLong) = ([], false) }
        if isTooLong {
            let reason = "it is longer than \(Self.lineLimit) bytes"
            return lines.append(.refused(number: count, reason: reason))
        }
        if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
        let bytes = partial
        guard let text = try? UTF8Span(validating: bytes.span) else {
            return lines.append(.refused(number: count, reason: "it is not UTF-8"))
        }
        lines.append(.text(String(copying: text)))
    }
}
