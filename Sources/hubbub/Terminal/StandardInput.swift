internal import Glibc
internal import Reactor

/// Standard input as lines, read when something is there: a terminal or a pipe is watched by the
/// poller; a file, which can't be, always has something.
struct StandardInput {
    /// What became of a line.
    enum Line: Equatable {
        case text(String)
        /// The line with this number, counted from 1, can't be sent: why.
        case refused(number: Int, reason: String)
    }

    /// Bytes of a line, past which it is refused: far more than any server takes.
    private static let lineLimit = 1 << 20
    private static let readBytes = 65_536

    let token: Token
    let isTerminal = SystemCalls.isInputTerminal()
    private var isAtEnd = false
    /// Lines that were read and not taken, the next one last.
    private var lines: [Line] = []
    /// Whether the poller watches it.
    private var isWatched = false
    /// Whether it is read without waiting, as the poller can't watch it.
    private(set) var isFile = false
    private var partial: [UInt8] = []
    private var isTooLong = false
    private var count = 0

    init(token: Token) {
        self.token = token
    }

    /// Whether all lines have been taken.
    var hasEnded: Bool { isAtEnd && lines.isEmpty }

    /// Whether there may be lines behind those that wait.
    var isReadable: Bool { !isAtEnd && lines.isEmpty }

    /// Takes the next line that was read.
    mutating func next() -> Line? { lines.popLast() }

    private var socket: Socket { Socket(rawValue: STDIN_FILENO) }

    /// From now on it is watched, or is not. Who doesn't want lines lets them wait where they are.
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

    /// Reads once; lines that have become whole can then be taken. There must be none before.
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
