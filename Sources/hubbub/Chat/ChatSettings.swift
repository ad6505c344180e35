internal import Chat
internal import ChatClient
internal import Foundation
internal import Reactor

/// The settings of `hubbub chat`, checked.
struct ChatSettings {
    static let defaultURL = "ws://127.0.0.1:8080/ws"

    /// Bytes of the longest message that the server may send: 200 lines of the greatest length.
    private static let messageBytes = 16 << 20

    let address: ChatAddress
    let trust: ChatTrust
    let room: String
    let name: String
    let historyLines: Int
    /// Milliseconds.
    let timeout: UInt64
    let isOnce: Bool
    let isJSON: Bool
    /// Whether lines that begin with / may be commands.
    let takesCommands: Bool
    let showsNumbers: Bool
    private let token: String?

    init(_ options: ChatCommand) throws(Complaint) {
        let variable = SystemCalls.environment("HUBBUB_URL") ?? ""
        let url = options.url ?? (variable.isEmpty ? Self.defaultURL : variable)
        do throws(WebSocketURL.Problem) {
            address = try ChatAddress(url)
        } catch {
            throw Complaint(.usage, error.reason)
        }
        trust = try ChatTrust(options, for: address.url)
        if let room = try options.room.value() {
            self.room = room.text
        } else {
            guard let room = RoomName(address.room ?? RoomName.lobby.text) else {
                throw Complaint(.usage, "\(url): \(RoomName.rule)")
            }
            self.room = room.text
        }
        if let given = try options.name.value() {
            name = given
        } else {
            name = try Self.loginName()
        }
        isOnce = options.once
        isJSON = options.json
        takesCommands = !options.verbatim
        showsNumbers = options.numbers
        token = try Self.token(options.tokenFile)
        historyLines = try options.history.value() ?? (isOnce ? 0 : JoinStart.standardLines)
        timeout = UInt64(try options.timeout.value())
    }

    /// The rules for its connections.
    var rules: ClientRules {
        var rules = ClientRules(
            messageBytes: Self.messageBytes,
            subprotocols: [Subprotocol.rich] + [token].compactMap { $0.map { "bearer.\($0)" } })
        rules.tls = trust.context
        return rules
    }

    /// A user name in the form that the protocol requires. Nil if `text` is not one. The server
    /// checks its length.
    static func name(_ text: String) -> String?? {
        var limits = ChatLimits()
        limits.usernameCharacters = 0
        guard let name = try? ChatText.checkedUsername(text, limits: limits) else { return .none }
        return .some(name)
    }

    private static func token(_ file: Given<String?>) throws(Complaint) -> String? {
        guard let path = try file.value() else { return nil }
        guard let content = FileManager.default.contents(atPath: path) else {
            throw file.complaint("the file can't be read; give one with a token")
        }
        let text = String(decoding: content, as: UTF8.self)
        let token = text.split(whereSeparator: \.isWhitespace)
        let isToken =
            token.count == 1
            && token[0].utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
        guard isToken else {
            throw file.complaint("the file has no token; hubbub token makes one")
        }
        return String(token[0])
    }

    private static func loginName() throws(Complaint) -> String {
        for variable in ["USER", "LOGNAME"] {
            if let text = SystemCalls.environment(variable), let name = name(text) ?? nil {
                return name
            }
        }
        throw Complaint(.usage, "--name: neither USER nor LOGNAME has a name for you; give one")
    }

    /// The server's addresses.
    func resolve() throws(Complaint) -> [SocketAddress] {
        do throws(SystemError) {
            return try address.url.resolve()
        } catch {
            throw Complaint(.noHost, "\(address.url.text): the host has no address; give another")
        }
    }
}
