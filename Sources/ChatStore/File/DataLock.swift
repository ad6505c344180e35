internal import Foundation
internal import Glibc

/// The right to use a directory: one process at a time has it, for as long as this object lives.
/// The death of the process ends it, however it dies.
///
/// It is a `flock` on the file ``fileName`` of the directory, which holds the process's number for
/// those who want to know. The file stays: removing it would let two processes lock two files.
public final class DataLock: Sendable {
    public static let fileName = "lock"

    /// Why the directory can't be had.
    public enum Refusal: Error, Equatable, CustomStringConvertible {
        /// Another process has it; its number, where it can be read.
        case held(directory: String, by: Int32?)
        /// The file can't be made or locked.
        case system(path: String, reason: String)

        /// One line that names the directory, who has it, and the remedy.
        public var description: String {
            switch self {
            case .held(let directory, let process?):
                "\(directory) is in use by process \(process): end it, or name another directory"
            case .held(let directory, nil):
                "\(directory) is in use by another process: end it, or name another directory"
            case .system(let path, let reason): "\(path) can't be locked: \(reason)"
            }
        }
    }

    private let file: FileHandle

    /// Takes the directory, which must exist. Never waits.
    public init(directory: String) throws(Refusal) {
        let path = "\(directory)/\(Self.fileName)"
        do {
            if !FileManager.default.fileExists(atPath: path) {
                // Somebody else may be as far as this.
                try? Data().write(to: URL(filePath: path), options: .withoutOverwriting)
            }
            file = try FileHandle(forUpdating: URL(filePath: path))
        } catch {
            throw .system(path: path, reason: "\(error.localizedDescription)")
        }
        while flock(file.fileDescriptor, LOCK_EX | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK:
                let text = try? file.readToEnd().map { String(decoding: $0, as: UTF8.self) }
                let process = text.flatMap { Int32($0.trimmingCharacters(in: .newlines)) }
                throw .held(directory: directory, by: process)
            default: throw .system(path: path, reason: "error \(errno) of flock")
            }
        }
        do {
            try file.truncate(atOffset: 0)
            try file.write(contentsOf: Data("\(getpid())\n".utf8))
        } catch {
            // A full disk: the lock holds without the number.
        }
    }
}
