internal import Foundation
internal import Glibc

/// A Redis of a test, on a local socket in a directory of its own. It keeps nothing on the disk
/// unless its arguments say so. It ends with this object, and with the process of the test.
public final class RedisServer: @unchecked Sendable {
    private let directory: String
    private let arguments: [String]
    private var server: Process?
    /// Ends the server when its own input ends, which it does with the process of the test.
    private var watcher: Process?

    /// Starts it. It takes connections a moment later.
    public init(_ arguments: String...) throws {
        let number = UInt32.random(in: 0 ... .max)
        directory = FileManager.default.temporaryDirectory.path + "/redis-\(number)"
        self.arguments = arguments
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        try start()
    }

    deinit {
        kill()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// The path of its socket.
    public var path: String { directory + "/s" }

    /// Starts it again with the same directory.
    public func start(_ more: String...) throws {
        let server = Process()
        server.executableURL = URL(filePath: "/usr/bin/env")
        server.arguments =
            ["redis-server", "--port", "0", "--unixsocket", path, "--save", "", "--dir", directory]
            + arguments + more
        server.standardInput = FileHandle.nullDevice
        server.standardOutput = FileHandle.nullDevice
        server.standardError = FileHandle.nullDevice
        try server.run()
        let watcher = Process()
        watcher.executableURL = URL(filePath: "/bin/sh")
        watcher.arguments = [
            "-c", "read -r nothing; kill -9 $1", "sh", "\(server.processIdentifier)",
        ]
        watcher.standardInput = Pipe()
        try watcher.run()
        (self.server, self.watcher) = (server, watcher)
    }

    /// Ends it at once, as `kill -9` does.
    public func kill() {
        guard let server, let watcher else { return }
        _ = Glibc.kill(watcher.processIdentifier, SIGKILL)
        _ = Glibc.kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
        watcher.waitUntilExit()
        (self.server, self.watcher) = (nil, nil)
    }

    /// Lets it do nothing until ``resume()``. Its connections stay.
    public func pause() { signal(SIGSTOP) }

    public func resume() { signal(SIGCONT) }

    private func signal(_ number: Int32) {
        if let server { _ = Glibc.kill(server.processIdentifier, number) }
    }
}
