internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOWebSocket

/// A peer of scripts/compare: SwiftNIO's WebSocket on one event loop.
@main
enum NIORelay {
    /// The largest message, in bytes.
    private static let maxFrameSize = 65536

    static func main() throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let hub = try eventLoop.submit { NIOLoopBound(Hub(on: eventLoop), eventLoop: eventLoop) }
            .wait()
        let server = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 65535)
            .childChannelInitializer { channel in
                let upgrader = upgrader(to: hub)
                return channel.pipeline.configureHTTPServerPipeline(
                    withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        let port = server.localAddress?.port ?? 0
        try FileHandle.standardOutput.write(contentsOf: Data("\(port)\n".utf8))
        try server.closeFuture.wait()
    }

    private static func upgrader(to hub: NIOLoopBound<Hub>) -> NIOWebSocketServerUpgrader {
        NIOWebSocketServerUpgrader(
            maxFrameSize: maxFrameSize,
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(Outlet(of: hub.value), position: .first)
                    try pipeline.addHandler(Member(of: hub.value))
                }
            })
    }
}
