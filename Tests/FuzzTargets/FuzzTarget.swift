/// Code that takes any bytes, with properties that must hold for all of them.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// Request heads: the result is the same in any pieces.
    case head
    /// The content of requests: the result is the same in any pieces, and what was written is read.
    case content
    /// Opening handshakes, the server's side and the client's.
    case handshake
    /// Frames: the result is the same in any pieces, and events can be written and read again.
    case frames
    /// permessage-deflate: compressed data decompresses to the original, and other input does no
    /// harm.
    case deflate
    /// Commands and events in JSON.
    case json
    /// Tokens: one text for each, and a holder within all bounds.
    case token
    /// Texts as filters compare them, terms, and names.
    case filters
    /// A server and its clients on a simulated network, controlled by the bytes.
    case connection

    /// Throws if a property doesn't hold.
    package func run(_ input: [UInt8]) throws(BrokenPromise) {
        switch self {
        case .head: try HeadTarget.run(FuzzInput(input))
        case .content: try ContentTarget.run(FuzzInput(input))
        case .handshake: try HandshakeTarget.run(FuzzInput(input))
        case .frames: try FramesTarget.run(FuzzInput(input))
        case .deflate: try DeflateTarget.run(FuzzInput(input))
        case .json: try JSONTarget.run(input)
        case .token: try TokenTarget.run(input)
        case .filters: try FiltersTarget.run(input)
        case .connection: try ConnectionTarget.run(FuzzInput(input))
        }
    }
}

func expect(
    _ holds: Bool, _ promise: @autoclosure () -> String
) throws(BrokenPromise) {
    guard holds else { throw BrokenPromise(promise()) }
}
