internal import Foundation

/// The daemon's own secrets, in its data directory. Each is made when it is first needed. That of
/// tokens is made by the daemon or by `hubbub token`, whichever comes first.
enum OwnSecret {
    static let fileName = "token-secret"
    private static let bytes = 48
    private static let mode = 0o600

    /// The path of the secret in a directory that exists. Only this user may read it.
    static func prepare(
        in directory: String, named name: String = fileName, isFor what: String = "tokens"
    ) throws(Complaint) -> String {
        let path = "\(directory)/\(name)"
        do {
            if !FileManager.default.fileExists(atPath: path) { try make(path, random()) }
            let found = try FileManager.default.attributesOfItem(atPath: path)
            guard found[.type] as? FileAttributeType == .typeRegular else {
                throw CocoaError(.fileReadUnknown)
            }
            if (found[.posixPermissions] as? NSNumber)?.intValue != mode {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            }
        } catch {
            throw Complaint(
                .cannotCreate,
                "\(path): the secret for \(what) can't be made or read; "
                    + "name another directory with --data")
        }
        return path
    }

    /// The text of a new secret.
    static func random() -> String {
        var random = SystemRandomNumberGenerator()
        let secret = Data((0..<bytes).map { _ in UInt8.random(in: 0 ... .max, using: &random) })
        return secret.base64EncodedString() + "\n"
    }

    /// The text of the secret in a directory. Nil if there is none.
    static func text(in directory: String) throws(Complaint) -> String? {
        guard FileManager.default.fileExists(atPath: "\(directory)/\(fileName)") else { return nil }
        let path = try prepare(in: directory)
        return FileManager.default.contents(atPath: path).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Keeps a secret in a directory that has none. Only this user may read it.
    static func keep(_ text: String, in directory: String) throws(Complaint) {
        try? make("\(directory)/\(fileName)", text)
        _ = try prepare(in: directory)
    }

    /// Two processes may make it at once. The file appears whole, and the first one stays.
    private static func make(_ path: String, _ text: String) throws {
        let draft = "\(path).\(UUID().uuidString)"
        guard
            FileManager.default.createFile(
                atPath: draft, contents: Data(text.utf8), attributes: [.posixPermissions: mode])
        else { throw CocoaError(.fileWriteUnknown) }
        defer { try? FileManager.default.removeItem(atPath: draft) }
        // The daemon must be able to read it, also if root runs `hubbub token`.
        if SystemCalls.user() == 0 {
            let directory = URL(filePath: path).deletingLastPathComponent().path
            let owner = try FileManager.default.attributesOfItem(atPath: directory)
            try FileManager.default.setAttributes(
                owner.filter { [.ownerAccountID, .groupOwnerAccountID].contains($0.key) },
                ofItemAtPath: draft)
        }
        do {
            try FileManager.default.linkItem(atPath: draft, toPath: path)
        } catch  where FileManager.default.fileExists(atPath: path) {
            // The other process was first.
        }
    }
}
