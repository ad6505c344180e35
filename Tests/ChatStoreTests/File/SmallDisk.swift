import Foundation

/// A file system of one megabyte in memory. Only root can make one.
final class SmallDisk {
    struct NotMounted: Error {}

    let directory: TemporaryDirectory

    static let canBeHad: Bool = (try? SmallDisk()) != nil

    init() throws {
        directory = try TemporaryDirectory()
        guard Self.run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", directory.path) else {
            throw NotMounted()
        }
    }

    deinit {
        _ = Self.run("umount", directory.path)
    }

    /// Uses up all free space.
    func fill() throws {
        let file = "\(directory.path)/filler"
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        let handle = try FileHandle(forWritingTo: URL(filePath: file))
        // Until the disk refuses even a single byte.
        for size in [65_536, 4_096, 1] {
            while (try? handle.write(contentsOf: Data(repeating: 1, count: size))) != nil {}
        }
        try handle.close()
    }

    func empty() throws {
        try FileManager.default.removeItem(atPath: "\(directory.path)/filler")
    }

    func protect(_ isProtected: Bool) -> Bool {
        // A process that another test starts has a file of this disk open for a moment.
        (0..<50).contains { _ in
            Self.run("mount", "-o", "remount,\(isProtected ? "ro" : "rw")", directory.path)
        }
    }

    private static func run(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
