/// Something that takes any bytes at all, with promises that must hold whatever they are.
package enum FuzzTarget: String, CaseIterable, Sendable {
    /// Request heads: the pieces in which one comes make no difference.
    case head
    /// Opening handshakes, the server's side and the client's.
    case handshake
    /// Frames: the pieces in which they come make no difference, and what comes out goes in again.
    case frames
    /// permessage-deflate: what is compressed comes out again, and nothing else does harm.
    case deflate
    /// Commands and events in JSON.
    case json
    /// A server and its clients on a simulated network, worked by the bytes.
    case connection

    /// Throws where a promise is broken.
    package func run(_ input: [UInt8]) throws(BrokenPromise) {
        switch self {
        case .head: try HeadTarget.run(FuzzInput(input))
        case .handshake: try HandshakeTarget.run(FuzzInput(input))
        case .frames: try FramesTarget.run(FuzzInput(input))
        case .deflate: try DeflateTarget.run(FuzzInput(input))
        case .json: try JSONTarget.run(input)
        case .connection: try ConnectionTarget.run(FuzzInput(input))
        }
    }
}

func expect(
    _ holds: Bool, _ promise: @autoclosure () -> String
) throws(BrokenPromise) {
    guard holds else { throw BrokenPromise(promise()) }
}
