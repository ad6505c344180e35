internal import Foundation
internal import Identity
internal import IdentityKeys

/// A file of keys.
struct KeyFile: Sendable {
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

    /// The bytes of the file, or as many of them as show that it is too large.
    func content() throws(KeyFileProblem) -> [UInt8] {
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            return [UInt8](try file.read(upToCount: KeyReader.largestFile + 1) ?? Data())
        } catch {
            throw KeyFileProblem("it can't be read; give a file that you may read")
        }
    }
}
