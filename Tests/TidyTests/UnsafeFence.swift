/// The only files that may hold unsafe code. Each writes down the invariant that makes it right.
enum UnsafeFence {
    static let files = [
        "Sources/Chat/OutputSpan+Bytes.swift",
        "Sources/Chat/RoomName.swift",
        "Sources/Chat/Span+Bytes.swift",
        "Sources/ChatClient/Outbox.swift",
        "Sources/ChatServer/ChunkPool.swift",
        "Sources/ChatServer/OutboundRing.swift",
        "Sources/Reactor/Connector.swift",
        "Sources/Reactor/GatherList.swift",
        "Sources/Reactor/LinuxNetwork.swift",
        "Sources/Reactor/Listener.swift",
        "Sources/Reactor/SlotTable.swift",
        "Sources/Reactor/SocketAddress+Text.swift",
        "Sources/Reactor/SystemError.swift",
        "Sources/WebSocket/AcceptKey.swift",
        "Sources/WebSocket/Bytes.swift",
        "Sources/WebSocket/MaskingKey.swift",
        "Sources/WebSocket/SHA256.swift",
        "Sources/WebSocket/ZlibStream.swift",
        "Sources/hubbub/SystemCalls.swift",
        "Tests/ReactorTests/LinuxNetwork+Send.swift",
        "Tests/fuzz/FuzzEntry.swift",
        "Tests/ws-echo/OutboundQueue.swift",
    ]

    /// What is wrong with a listed file; nil as its text if there is none.
    static func problem(of path: String, text: String?) -> String? {
        guard let text else { return "\(path): is in the fence, but not in the repository" }
        let lines = text.split(separator: "\n")
        if !lines.contains(where: \.isUnsafe) {
            return "\(path): is in the fence, but holds no unsafe code"
        }
        if !text.contains("Invariant") {
            return "\(path): holds unsafe code without the Invariant that makes it right"
        }
        return nil
    }
}
