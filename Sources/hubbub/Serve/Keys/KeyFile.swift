internal import Foundation
internal import Identity
internal import IdentityKeys
internal import Outgoing

/// A file of keys, or a set of keys that a server publishes.
struct KeyFile: Equatable, Sendable {
    /// Seconds that a server has to answer.
    private static let patience = 5

    /// The path of a file, or the address of a set.
    let path: String
    let kind: KeyKind
    /// The setting that names it, for errors.
    let given: String
    /// Where it stands in the configuration file. Nil if it stands elsewhere.
    var place: FilePlace?
    /// The name of a key that has none. Nil for that of the file.
    var name: String?
    /// Whom the keys may speak for.
    var owner = KeyOwner()
    /// Whether the server may have an address that isn't public.
    var allowsPrivateAddress = false

    /// Whether a server publishes it.
    var isRemote: Bool { path.hasPrefix("https://") }

    /// Distinguishes the states of a file.
    struct Stamp: Equatable, Sendable {
        let modified: Date?
        let size: Int?
        let number: Int?
    }

    /// The file's state. Nil if there is none.
    var stamp: Stamp? {
        guard let found = try? FileManager.default.attributesOfItem(atPath: path) else {
            return nil
        }
        return Stamp(
            modified: found[.modificationDate] as? Date,
            size: (found[.size] as? NSNumber)?.intValue,
            number: (found[.systemFileNumber] as? NSNumber)?.intValue)
    }

    /// The name of a key that has none: the given one, or the file's name without its end.
    private var keyName: String {
        name ?? URL(filePath: path).deletingPathExtension().lastPathComponent
    }

    /// The keys in the file.
    func keys() throws(KeyFileProblem) -> [SigningKey] {
        let content = try content()
        do throws(KeyProblem) {
            return try KeyReader.keysNow(content, kind, name: keyName, owner: owner)
        } catch {
            throw KeyFileProblem(error.description)
        }
    }

    /// The set of keys as its server has it now.
    private func fetched() throws(KeyFileProblem) -> [UInt8] {
        var request = OutgoingRequest(path)
        request.limit = KeyReader.largestFile
        request.milliseconds = Self.patience * 1_000
        request.allowsPrivateAddresses = allowsPrivateAddress
        request.authorities = SystemCalls.environment("SSL_CERT_FILE")
        do throws(OutgoingProblem) {
            let answer = try request.answer()
            guard answer.status == 200 else {
                throw OutgoingProblem.failed("the answer is \(answer.status)")
            }
            return answer.content
        } catch {
            throw KeyFileProblem(error.description)
        }
    }

    /// The bytes of the file, or as many of them as show that it is too large.
    func content() throws(KeyFileProblem) -> [UInt8] {
        if isRemote { return try fetched() }
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            return [UInt8](try file.read(upToCount: KeyReader.largestFile + 1) ?? Data())
        } catch {
            throw KeyFileProblem("it can't be read; give a file that you may read")
        }
    }
}
