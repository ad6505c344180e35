internal import Chat
internal import Logging
internal import Reactor

/// Logs single connections. At the debug level, it logs their addresses, the rooms that they enter
/// and what is refused. At the trace level, it logs each request, frame and command by its kind.
/// The texts of lines are never logged.
///
/// At other levels it keeps nothing. The server checks ``isDebug`` and ``isTrace`` before each
/// call, which costs nothing.
struct ConnectionLog {
    private(set) var isDebug: Bool
    private(set) var isTrace: Bool
    private let log: Logger
    private var open: [Int: Client] = [:]

    private struct Client {
        /// Connections are counted from the start, because indexes are reused.
        let number: UInt64
        let since: Instant
        /// The code of the Close that ended the chat.
        var code: UInt16?
    }

    init(_ log: Logger) {
        self.log = log
        isTrace = log.logLevel <= .trace
        isDebug = log.logLevel <= .debug
    }

    /// The log's level may have changed. Connections that are open already have no number then.
    mutating func levelChanged() {
        isTrace = log.logLevel <= .trace
        isDebug = log.logLevel <= .debug
        if !isDebug { open = [:] }
    }

    // MARK: Debug

    mutating func opened(_ index: Int, _ number: UInt64, from peer: SocketAddress, at now: Instant)
    {
        open[index] = Client(number: number, since: now)
        log.debug("Connection opened", metadata: metadata(index, ["address": "\(peer)"]))
    }

    /// A connection over a limit was refused.
    func refusedConnection(from peer: SocketAddress) {
        log.debug("Connection refused", metadata: ["address": "\(peer)"])
    }

    /// An opening handshake succeeded. `client` is the address that a proxy named, if any.
    func openedChat(_ index: Int, _ dialect: Dialect, for client: SocketAddress?) {
        var fields: Logger.Metadata = ["dialect": "\(dialect)"]
        if let client { fields["client"] = "\(client.host)" }
        log.debug("Chat opened", metadata: metadata(index, fields))
    }

    func openedStream(_ index: Int) {
        log.debug("Event stream opened", metadata: metadata(index, [:]))
    }

    func entered(_ index: Int, _ room: RoomName) {
        log.debug("Room entered", metadata: metadata(index, ["room": "\(room.text)"]))
    }

    func left(_ index: Int, _ room: RoomName) {
        log.debug("Room left", metadata: metadata(index, ["room": "\(room.text)"]))
    }

    /// A command was refused.
    func refused(_ index: Int, _ code: Refusal.Code) {
        log.debug("Command refused", metadata: metadata(index, ["code": "\(code.rawValue)"]))
    }

    /// A request was answered. Errors are logged at debug, other responses at trace.
    func answered(_ index: Int, _ status: UInt16) {
        let level: Logger.Level = status >= 400 ? .debug : .trace
        log.log(
            level: level, "Request answered", metadata: metadata(index, ["status": "\(status)"]))
    }

    mutating func leftChat(_ index: Int, _ code: UInt16) {
        open[index]?.code = code
    }

    mutating func closed(_ index: Int, at now: Instant) {
        guard let client = open[index] else { return }
        let tenths = (now.nanoseconds - client.since.nanoseconds) / 100_000_000
        var fields: Logger.Metadata = ["seconds": "\(tenths / 10).\(tenths % 10)"]
        if let code = client.code { fields["code"] = "\(code)" }
        log.debug("Connection closed", metadata: metadata(index, fields))
        open[index] = nil
    }

    // MARK: Trace

    func frame(_ index: Int, _ kind: StaticString) {
        log.trace("Frame", metadata: metadata(index, ["kind": "\(kind)"]))
    }

    func command(_ index: Int, _ kind: StaticString) {
        log.trace("Command", metadata: metadata(index, ["kind": "\(kind)"]))
    }

    private func metadata(_ index: Int, _ fields: Logger.Metadata) -> Logger.Metadata {
        var fields = fields
        if let number = open[index]?.number { fields["connection"] = "\(number)" }
        return fields
    }
}
