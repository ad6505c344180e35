/// The only files that may contain unsafe code. Each states the invariant that makes it correct.
enum UnsafeFence {
    static let files = [
        "Sources/Chat/Hub/RoomName.swift",
        "Sources/Chat/JSON/OutputSpan+Bytes.swift",
        "Sources/Chat/JSON/Span+Bytes.swift",
        "Sources/ChatClient/Connection/Outbox.swift",
        "Sources/ChatCluster/Redis/Codec/SendKey.swift",
        "Sources/ChatServer/Out/ChunkPool.swift",
        "Sources/ChatServer/Out/OutboundRing.swift",
        "Sources/ChatStore/Archive/FileCalls.swift",
        "Sources/Console/Arguments.swift",
        "Sources/Console/StandardStream.swift",
        "Sources/Filters/Terms/Expression.swift",
        "Sources/Filters/Terms/ExpressionSet.swift",
        "Sources/Filters/Text/ICU.swift",
        "Sources/IdentityKeys/Waiting.swift",
        "Sources/Outgoing/OutgoingRequest.swift",
        "Sources/Outgoing/OutgoingSession.swift",
        "Sources/Reactor/Control/ControlSocket.swift",
        "Sources/Reactor/Loop/OwnedArray.swift",
        "Sources/Reactor/Loop/SlotTable.swift",
        "Sources/Reactor/Network/Connector.swift",
        "Sources/Reactor/Network/GatherList.swift",
        "Sources/Reactor/Network/LinuxNetwork.swift",
        "Sources/Reactor/Network/Listener.swift",
        "Sources/Reactor/Network/SocketAddress+Text.swift",
        "Sources/Reactor/Network/SystemError.swift",
        "Sources/Reactor/Process/Notifier.swift",
        "Sources/Redis/Connection/RedisLoop.swift",
        "Sources/Redis/Connection/RedisSocket.swift",
        "Sources/TLS/Certificates/ServerCredentials.swift",
        "Sources/TLS/Session/Span+Array.swift",
        "Sources/TLS/Session/TLSClientContext.swift",
        "Sources/TLS/Session/TLSFailure.swift",
        "Sources/TLS/Session/TLSHandle.swift",
        "Sources/TLS/Session/TLSRecords.swift",
        "Sources/TLS/Session/TLSResumption.swift",
        "Sources/TLS/Session/TLSServerContext.swift",
        "Sources/TLS/Session/ThreadOutput.swift",
        "Sources/TLS/Session/TicketKeys.swift",
        "Sources/WebSocket/Deflate/ZlibStream.swift",
        "Sources/WebSocket/Frames/Bytes.swift",
        "Sources/WebSocket/Frames/MaskingKey.swift",
        "Sources/WebSocket/HTTP/Fields/ByteScan.swift",
        "Sources/WebSocket/HTTP/Fields/Span+Matches.swift",
        "Sources/WebSocket/HTTP/Response/SHA256.swift",
        "Sources/WebSocket/Handshake/AcceptKey.swift",
        "Sources/Webhooks/Signing/SigningHash.swift",
        "Sources/hubbub/Configuration/YAML/YAMLEvents.swift",
        "Sources/hubbub/SystemCalls+Files.swift",
        "Sources/hubbub/SystemCalls.swift",
        "Tests/ReactorTests/LinuxNetwork+Send.swift",
        "Tests/fuzz/FuzzEntry.swift",
    ]

    /// The problem of a listed file, or nil. `text` is nil if the file is missing.
    static func problem(of path: String, text: String?) -> String? {
        guard let text else { return "\(path): is in the fence, but not in the repository" }
        let lines = text.split(separator: "\n")
        if !lines.contains(where: \.isUnsafe) {
            return "\(path): is in the fence, but holds no unsafe code"
        }
        if !text.contains("Invariant") {
            return "\(path): holds unsafe code without the Invariant that makes it correct"
        }
        return nil
    }
}
