internal import Chat
internal import ChatClient
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
        historyLines = try options.history.value() ?? (isOnce ? 0 : JoinStart.standardLines)
        timeout = UInt64(try options.timeout.value())
    }

    /// The rules for its connections.
    var rules: ClientRules {
        var rules = ClientRules(
            messageBytes: Self.messageBytes, subprotocols: [Subprotocol.rich])
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
