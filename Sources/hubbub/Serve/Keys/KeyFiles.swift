internal import Identity
internal import IdentityKeys
internal import Logging
internal import Synchronization

/// The keys of all files. Sets of keys are read again when their files change. A broken file is
/// logged, and its old keys stay.
final class KeyFiles: Sendable {
    private struct Loaded {
        let file: KeyFile
        var stamp: KeyFile.Stamp?
        var keys: [SigningKey]
    }

    private let rules: ClaimRules
    private let log: Logger
    private let loaded: Mutex<[Loaded]>

    init(_ files: [KeyFile], rules: ClaimRules, log: Logger) throws(Complaint) {
        var all: [Loaded] = []
        for file in files {
            do throws(KeyFileProblem) {
                let stamp = file.stamp
                all.append(Loaded(file: file, stamp: stamp, keys: try file.keys()))
            } catch {
                throw Complaint(.usage, "\(file.given): \(error.reason)")
            }
        }
        let count = all.reduce(0) { $0 + $1.keys.count }
        guard count <= KeyRing.most else {
            throw Complaint(
                .usage, "there are \(count) keys for tokens; at most \(KeyRing.most) are allowed")
        }
        loaded = Mutex(all)
        self.rules = rules
        self.log = log
    }

    /// All keys as they are now.
    var ring: KeyRing {
        KeyRing(loaded.withLock { $0.flatMap(\.keys) }, rules: rules)
    }

    /// Reads sets of keys that have changed. Returns all keys then, and nil if nothing has changed.
    func refreshed() -> KeyRing? {
        let isNew = loaded.withLock { loaded in
            var isNew = false
            for place in loaded.indices where loaded[place].file.kind == .keySet {
                let stamp = loaded[place].file.stamp
                guard stamp != loaded[place].stamp else { continue }
                loaded[place].stamp = stamp
                isNew = read(&loaded[place]) || isNew
            }
            return isNew
        }
        return isNew ? ring : nil
    }

    private func read(_ loaded: inout Loaded) -> Bool {
        do throws(KeyFileProblem) {
            loaded.keys = try loaded.file.keys()
            log.notice(
                "Keys for tokens were read again",
                metadata: ["file": "\(loaded.file.path)", "keys": "\(loaded.keys.count)"])
            return true
        } catch {
            log.error(
                "A file of keys has changed, but can't be used: its old keys stay",
                metadata: ["file": "\(loaded.file.path)", "problem": "\(error.reason)"])
            return false
        }
    }
}
