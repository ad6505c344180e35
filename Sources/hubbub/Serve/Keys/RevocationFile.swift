internal import Foundation
internal import Identity
internal import Synchronization

/// The revoked tokens, in a file of the data directory that outlives the daemon and the history. A
/// revocation takes effect once it is on the disk.
final class RevocationFile: Sendable {
    static let fileName = "revocations"

    /// Why a revocation wasn't kept.
    struct Refusal: Error {
        let reason: String
    }

    private let path: String
    private let revocations: Mutex<Revocations>

    /// Reads the file of a directory. A line that was cut off by a death of the machine wasn't
    /// acknowledged, and is dropped.
    init(in directory: String) throws(Complaint) {
        path = "\(directory)/\(Self.fileName)"
        var known = Revocations()
        let content = FileManager.default.contents(atPath: path)
        if content == nil, FileManager.default.fileExists(atPath: path) {
            throw Complaint(.noPermission, "\(path): it can't be read; it has the revoked tokens")
        }
        let text = String(decoding: content ?? Data(), as: UTF8.self)
        let end = text.lastIndex(of: "\n") ?? text.startIndex
        let lines = text[..<end].split(separator: "\n")
        for (number, line) in lines.enumerated() {
            guard let revocation = RevocationText.revocation(line) else {
                throw Complaint(
                    .data,
                    "\(path):\(number + 1): this is no revoked token; mend or remove the line")
            }
            known.add(revocation)
        }
        revocations = Mutex(known)
        // Several that say the same, or a piece of a line.
        if known.all.count != lines.count || text.last != (lines.isEmpty ? nil : "\n") {
            do {
                try write(known.all, appends: false)
            } catch {
                throw Complaint(.cannotCreate, "\(path): it can't be written")
            }
        }
    }

    /// Those that are known.
    var all: Revocations { revocations.withLock { $0 } }

    /// Keeps a revocation. It is on the disk afterwards.
    func add(_ revocation: Revocation) throws(Refusal) {
        let result = revocations.withLock { known -> Result<Void, Refusal> in
            var next = known
            next.add(revocation)
            guard next.count <= Revocations.most else {
                return .failure(Refusal(reason: "there are \(known.count) already"))
            }
            do {
                try write([revocation], appends: true)
            } catch {
                return .failure(Refusal(reason: "\(path) can't be written"))
            }
            known = next
            return .success(())
        }
        try result.get()
    }

    private func write(_ revocations: [Revocation], appends: Bool) throws {
        let data = Data(revocations.map { RevocationText.line($0) + "\n" }.joined().utf8)
        guard appends else {
            let draft = "\(path).\(UUID().uuidString)"
            guard
                FileManager.default.createFile(
                    atPath: draft, contents: data, attributes: [.posixPermissions: 0o600])
            else { throw CocoaError(.fileWriteUnknown) }
            let file = try FileHandle(forWritingTo: URL(filePath: draft))
            try file.synchronize()
            try file.close()
            try SystemCalls.rename(draft, to: path)
            return
        }
        if !FileManager.default.fileExists(atPath: path) {
            try write([], appends: false)
        }
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        defer { try? file.close() }
        let end = try file.seekToEnd()
        do {
            try file.write(contentsOf: data)
            try file.synchronize()
        } catch {
            // A piece of a line must not become the beginning of the next one.
            try? file.truncate(atOffset: end)
            throw error
        }
    }
}
