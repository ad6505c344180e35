internal import ChatServer
internal import Identity
internal import IdentityKeys
internal import Logging
internal import Synchronization

/// The keys of all files. Sets of keys are read again when their files change. A broken file is
/// logged, and its old keys stay. A reload reads all of them.
final class KeyFiles: Sendable {
    /// Files that were read, and can be used.
    struct Reading {
        fileprivate var loaded: [Loaded]
        fileprivate let rules: ClaimRules
    }

    fileprivate struct Loaded {
        let file: KeyFile
        var stamp: KeyFile.Stamp?
        var keys: [SigningKey]
    }

    private struct State {
        var reading: Reading
        /// Whether nobody has asked for these keys yet.
        var isNew = false
    }

    private let log: Logger
    /// Is told of other keys before they are used.
    private let inbox: IdentityInbox
    private let state: Mutex<State>

    init(_ reading: Reading, inbox: IdentityInbox, log: Logger) {
        state = Mutex(State(reading: reading))
        self.inbox = inbox
        self.log = log
    }

    /// Reads files. Throws if one of them can't be used.
    static func read(_ files: [KeyFile], rules: ClaimRules) throws(Complaint) -> Reading {
        var all: [Loaded] = []
        for file in files {
            do throws(KeyFileProblem) {
                let stamp = file.stamp
                all.append(Loaded(file: file, stamp: stamp, keys: try file.keys()))
            } catch {
                throw Complaint(
                    file.place == nil ? .usage : .configuration, "\(file.given): \(error.reason)",
                    at: file.place)
            }
        }
        let count = all.reduce(0) { $0 + $1.keys.count }
        guard count <= KeyRing.most else {
            throw Complaint(
                .usage, "there are \(count) keys for tokens; at most \(KeyRing.most) are allowed")
        }
        return Reading(loaded: all, rules: rules)
    }

    /// Other files take the place of these.
    func use(_ reading: Reading) {
        state.withLock { $0 = State(reading: reading, isNew: true) }
    }

    /// All keys as they are now.
    var ring: KeyRing { state.withLock { Self.ring($0.reading) } }

    /// Whether a file may change by itself.
    var areWatched: Bool {
        state.withLock { $0.reading.loaded.contains { $0.file.kind == .keySet } }
    }

    /// Reads sets of keys that have changed. Returns all keys then, and nil if nothing has changed.
    func refreshed() -> KeyRing? {
        state.withLock { state in
            for place in state.reading.loaded.indices
            where state.reading.loaded[place].file.kind == .keySet {
                let stamp = state.reading.loaded[place].file.stamp
                guard stamp != state.reading.loaded[place].stamp else { continue }
                state.reading.loaded[place].stamp = stamp
                state.isNew = read(&state.reading.loaded[place]) || state.isNew
            }
            guard state.isNew else { return nil }
            state.isNew = false
            let ring = Self.ring(state.reading)
            inbox.keysChanged(ring)
            return ring
        }
    }

    private static func ring(_ reading: Reading) -> KeyRing {
        KeyRing(reading.loaded.flatMap(\.keys), rules: reading.rules)
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
