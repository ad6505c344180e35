internal import Chat

/// A room of a node: its members here, as the shard was told, and those elsewhere, as it has told.
struct SharedRoom {
    // MARK: Here

    /// The members here.
    var own = RoomPresence.nobody
    /// What the shard knows of them. Nil if that is unknown.
    private(set) var told: RoomPresence? = .nobody
    /// What it is being told.
    private(set) var telling: RoomPresence?
    private var toldAt: UInt64?
    /// Whether it is on the list of rooms that are to be told.
    var isListed = false

    // MARK: Elsewhere

    /// Whether the server follows it.
    private(set) var isFollowed = false
    /// The version of ``others``. Nil until they were read in this epoch.
    private(set) var version: UInt64?
    private var others: [NodeName: NodeMembers] = [:]
    /// The last version that was heard of since the last read.
    private var heard: UInt64 = 0
    private(set) var isReading = false
    /// Whether the members must be read, whatever the version is.
    private var isSuspect = false
    /// The versions when the last read and the last attendance were sent.
    private var versionRead: UInt64 = 0
    private var versionAttended: UInt64 = 0
    /// What the server knows of the members elsewhere.
    private(set) var elsewhere = RoomPresence.nobody

    /// Whether nothing is lost if it is forgotten.
    var isOver: Bool { !isFollowed && own == .nobody && !isUntold && telling == nil }

    // MARK: Telling

    /// Whether the shard must be told.
    var isUntold: Bool { told != own }

    /// When it may be told.
    var due: UInt64 { toldAt.map { $0 + PresenceLimits.period } ?? 0 }

    mutating func tell(at now: UInt64) -> RoomPresence {
        (telling, toldAt) = (own, now)
        return own
    }

    /// The shard was told, or could not be.
    mutating func wasTold(_ isTold: Bool) {
        guard let telling else { return }
        told = isTold ? telling : nil
        self.telling = nil
    }

    /// The shard may have forgotten the members.
    mutating func isForgotten() {
        if own != .nobody { told = nil }
    }

    /// Whether the shard is to be told again, although nothing has changed.
    func needsRenewal(at now: UInt64) -> Bool {
        guard own != .nobody, let toldAt else { return false }
        return toldAt + PresenceLimits.renewal <= now
    }

    // MARK: Following

    mutating func follow() { isFollowed = true }

    mutating func unfollow() {
        (isFollowed, version, isReading, elsewhere) = (false, nil, false, .nobody)
        others = [:]
    }

    mutating func cut() {
        wasTold(false)
        isReading = false
    }

    /// Another epoch has begun: the shard knows of no members. What the server knows stays.
    mutating func epochBegan() {
        (told, telling, toldAt) = (.nobody, nil, nil)
        (version, isReading, others, heard) = (nil, false, [:], 0)
    }

    mutating func reading() {
        (isReading, isSuspect, heard, versionRead) = (true, false, 0, version ?? 0)
    }

    /// The read was answered, or has failed.
    mutating func read(_ members: RoomMembers?) {
        guard isReading else { return }
        isReading = false
        guard let members else { return }
        // It may be older than notices that came meanwhile. If none came, the shard has begun anew.
        if let version, members.version < version, version != versionRead { return }
        version = members.version
        others = [:]
        for members in members.nodes { others[members.run.name] = members }
    }

    /// Whether a notice is missing that was heard of.
    private var misses: Bool { version.map { $0 < heard } ?? false }

    /// Whether the members elsewhere are to be read.
    var needsReading: Bool { isFollowed && !isReading && (version == nil || misses || isSuspect) }

    mutating func attending() { versionAttended = version ?? 0 }

    /// The shard has told the room's version. Returns whether what is known may be wrong. The
    /// notice may still be on its way.
    mutating func attended(_ latest: UInt64) -> Bool {
        guard version != nil else { return false }
        heard = max(heard, latest)
        // The shard has forgotten the room meanwhile.
        if latest < versionAttended { isSuspect = true }
        return misses || isSuspect
    }

    /// A node has told its members. Returns whether notices before it are missing.
    mutating func received(_ notice: PresenceNotice) -> Bool {
        heard = max(heard, notice.version)
        guard let version, notice.version > version else { return false }
        guard notice.version == version + 1 else { return true }
        self.version = notice.version
        others[notice.members.run.name] = notice.members
        return false
    }

    /// Nodes are gone for long. If any of them is known here, the members are read again: one that
    /// has just come back is among them.
    mutating func forget(_ runs: [NodeRun]) {
        if runs.contains(where: { others[$0.name]?.run == $0 }) { isSuspect = true }
    }

    /// Adds up the members on the nodes that live. Returns whether the server must be told.
    mutating func addUp(_ lives: (NodeRun) -> Bool) -> Bool {
        guard isFollowed, version != nil else { return false }
        var sum = RoomPresence.nobody
        for members in others.values where lives(members.run) { sum = sum + members.presence }
        guard sum != elsewhere else { return false }
        elsewhere = sum
        return true
    }
}
