internal import Chat
internal import Redis

/// The commands of nodes as requests to Redis. Each is one script.
struct ShardCodec {
    /// Before the names of all keys and channels.
    static let prefix = "hubbub:"

    let terms: ShardTerms
    /// The digests under which Redis knows the scripts.
    private let digests: [[UInt8]]

    /// Loads the scripts, which publish on these channels. The replies are for
    /// ``init(_:_:)``.
    static func loading(_ channels: ShardChannels) -> [RedisRequest] {
        ShardScript.allCases.map { script in
            var request = RedisRequest("SCRIPT", "LOAD")
            request.append(Array(channels.definition.utf8) + script.text)
            return request
        }
    }

    /// Takes the replies to ``loading(_:)``. Nil if they aren't any.
    init?(_ replies: some Collection<RedisValue>, _ terms: ShardTerms = ShardTerms()) {
        self.terms = terms
        digests = replies.compactMap(\.bytes)
        if digests.count != ShardScript.allCases.count { return nil }
    }

    /// The request that carries out a command. If `compares`, an append compares the shard's data
    /// with the epoch's, and looks for replicas, which takes as long as ten lines: do so now and
    /// then.
    func request(for command: ShardCommand, compares: Bool = false) -> RedisRequest {
        switch command {
        case .enter(let run):
            var request = call(.enter, key: Self.node(run))
            request.append(Self.text(of: run))
            request.append(ShardLimits.lease)
            request.append(terms.replicas)
            return request
        case .beat(let run, let rooms):
            var request = call(.beat, key: Self.node(run))
            request.append(Self.text(of: run))
            request.append(ShardLimits.lease)
            request.append(terms.replicas)
            for room in rooms { request.append(room.text) }
            return request
        case .begin(let epoch, let old):
            var request = call(.begin)
            request.append(epoch.text)
            request.append(old?.text ?? "")
            return request
        case .raise(let epoch, let rooms, let held):
            var request = call(.raise)
            request.append(epoch.text)
            request.append(held)
            for (room, cursor) in rooms {
                request.append(room.text)
                request.append(PositionText.text(of: cursor))
            }
            return request
        case .append(let run, let group, let room, let epoch, let submissions):
            var request = call(
                .append, key: "\(Self.prefix)group:\(run.name.text):\(room.text)")
            request.append(room.text)
            request.append(epoch.text)
            request.append(Self.text(of: run))
            request.append(group)
            request.append(compares ? "1" : "")
            request.append(terms.entries)
            request.append(terms.replicas)
            for submission in submissions { Self.append(submission.draft, to: &request) }
            return request
        case .open(let room):
            var request = call(.open)
            request.append(room.text)
            return request
        case .read(let room, let from, let through):
            var request = call(.read)
            request.append(room.text)
            request.append(from)
            request.append(through)
            Self.appendLimits(to: &request)
            return request
        case .catchUp(let room, let cursor):
            var request = call(.catchUp)
            request.append(room.text)
            request.append(PositionText.text(of: cursor))
            Self.appendLimits(to: &request)
            return request
        case .trim(let run):
            var request = call(.trim)
            request.append(terms.entries)
            request.append(terms.age)
            request.append(Self.text(of: run))
            request.append(ShardLimits.trimRound)
            request.append(ShardLimits.trimPause)
            request.append(ShardLimits.trimmedEntries)
            return request
        case .changes(let command): return self.request(for: command)
        case .presence(let command): return self.request(for: command)
        }
    }

    /// The request for the run that has a name.
    static func holder(of name: NodeName) -> RedisRequest {
        RedisRequest("GET", node(NodeRun(name, number: 0)))
    }

    /// The request by which a node that stops gives its name back.
    func leaving(_ run: NodeRun) -> RedisRequest {
        var request = call(.leave, key: Self.node(run))
        request.append(Self.text(of: run))
        return request
    }

    func call(_ script: ShardScript, key: String? = nil) -> RedisRequest {
        call(script, keyBytes: key.map { Array($0.utf8) })
    }

    func call(_ script: ShardScript, keyBytes: [UInt8]?) -> RedisRequest {
        var request = RedisRequest("EVALSHA")
        request.append(digests[script.rawValue])
        request.append(keyBytes == nil ? 0 : 1)
        if let keyBytes { request.append(keyBytes) }
        return request
    }

    private static func append(_ draft: Draft, to request: inout RedisRequest) {
        request.append(EntryCode.bytes(of: draft))
        guard let hash = SendKey.hash(of: draft) else { return request.append("") }
        var key = ByteWriter()
        key.word(draft.digest)
        key.remainingText("\(draft.time.milliseconds)")
        request.append(hash + key.bytes)
    }

    static func appendLimits(to request: inout RedisRequest) {
        request.append(RoomPage.lineLimit)
        request.append(RoomPage.byteLimit)
    }

    private static func node(_ run: NodeRun) -> String { "\(prefix)node:\(run.name.text)" }

    static func text(of run: NodeRun) -> String { String(run.number, radix: 16) }
}
