internal import Foundation
internal import Glibc

/// The exclusive right to use a directory. One process at a time holds it, as long as this object
/// lives, and it ends with the process, however that dies.
///
/// It is a `flock` on the file ``fileName`` in the directory. The file holds the process's number
/// for information. It is never removed: otherwise two processes could lock two files.
public final class DataLock: Sendable {
    public static let fileName = "lock"

    /// The reason why the directory isn't available.
    public enum Refusal: Error, Equatable, CustomStringConvertible {
        /// Another process holds it. Carries its number, if that can be read.
        case held(directory: String, by: Int32?)
        /// The file can't be created or locked.
        case system(path: String, reason: String)

        /// One line that names the directory, the process that holds it, and the remedy.
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

    /// Locks the directory, which must exist. Never waits.
    public init(directory: String) throws(Refusal) {
        let path = "\(directory)/\(Self.fileName)"
        do {
            try Self.check(directory)
            file = try PrivateFile.open(path)
        } catch let error as PrivateFile.Refused {
            throw .system(path: path, reason: error.description)
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
            // The disk is full. The lock holds without the number.
        }
    }

    /// Throws if others may write the directory: they could replace its files. In a directory with
    /// the sticky bit, such as /tmp, they can't.
    private static func check(_ directory: String) throws {
        let attributes = try FileManager.default.attributesOfItem(
            atPath: URL(filePath: directory).resolvingSymlinksInPath().path)
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        guard mode & 0o002 == 0 || mode & 0o1000 != 0 else {
            throw PrivateFile.Refused(
                description: "everybody may write \(directory): take that away (chmod o-w)")
        }
    }
}
