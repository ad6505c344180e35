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
        /// Why a set isn't there yet, if its server can't be asked.
        var problem: String?
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
    private let changed = Mutex<@Sendable () -> Void>({})
    private let remote = Mutex<RemoteKeys?>(nil)

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
            } catch  where file.isRemote {
                // Its server may be out of order. That must not keep the chat from its start.
                all.append(Loaded(file: file, stamp: nil, keys: [], problem: error.reason))
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

    /// Sets of keys are fetched from now on. `changed` is told when there may be others, and that
    /// a fetch is over.
    func start(_ changed: @escaping @Sendable () -> Void) {
        self.changed.withLock { $0 = changed }
        fetchAll(state.withLock { $0.reading })
    }

    /// Other files take the place of these. A set that can't be fetched keeps its keys.
    func use(_ reading: Reading) {
        let merged = state.withLock { state in
            var reading = reading
            for place in reading.loaded.indices where reading.loaded[place].problem != nil {
                let old = state.reading.loaded.first {
                    $0.file.path == reading.loaded[place].file.path
                        && $0.file.owner == reading.loaded[place].file.owner
                }
                reading.loaded[place].keys = old?.keys ?? []
            }
            state = State(reading: reading, isNew: true)
            return reading
        }
        fetchAll(merged)
    }

    private func fetchAll(_ reading: Reading) {
        let sets = reading.loaded.filter(\.file.isRemote)
        for set in sets {
            guard let problem = set.problem else { continue }
            log.error(
                "Keys for tokens can't be fetched",
                metadata: ["url": "\(set.file.path)", "problem": "\(problem)"])
        }
        let remote = remote.withLock { known -> RemoteKeys? in
            if known == nil, !sets.isEmpty {
                known = RemoteKeys(log: log) { [weak self] file, keys in
                    self?.fetched(file, keys)
                }
            }
            return known
        }
        remote?.use(sets.map { ($0.file, $0.problem == nil) })
    }

    /// A fetch is over.
    private func fetched(_ file: KeyFile, _ keys: [SigningKey]?) {
        state.withLock { state in
            guard let keys,
                let place = state.reading.loaded.firstIndex(where: { $0.file == file })
            else { return }
            let old = state.reading.loaded[place].keys
            state.reading.loaded[place].keys = keys
            let names = { (keys: [SigningKey]) in keys.map { "\($0.id) \($0.name)" } }
            if names(old) != names(keys) {
                state.isNew = true
                log.notice(
                    "Keys for tokens were fetched",
                    metadata: ["url": "\(file.path)", "keys": "\(keys.count)"])
            }
        }
        changed.withLock { $0 }()
    }

    /// A token names a key that nobody knows. Returns whether others are being fetched.
    func keyIsMissing() -> Bool { remote.withLock { $0 }?.keyIsMissing() ?? false }

    /// All keys as they are now.
    var ring: KeyRing { state.withLock { Self.ring($0.reading) } }

    /// Whether a file may change by itself.
    var areWatched: Bool {
        state.withLock { $0.reading.loaded.contains { Self.isWatched($0.file) } }
    }

    private static func isWatched(_ file: KeyFile) -> Bool {
        file.kind == .keySet && !file.isRemote
    }

    /// Reads sets of keys that have changed. Returns all keys then, and nil if nothing has changed.
    func refreshed() -> KeyRing? {
        state.withLock { state in
            for place in state.reading.loaded.indices
            where Self.isWatched(state.reading.loaded[place].file) {
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
        KeyRing(
            Array(reading.loaded.flatMap(\.keys).prefix(KeyRing.most)), rules: reading.rules)
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
