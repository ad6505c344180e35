internal import Chat

/// What a shard has last told of itself.
struct ShardMoment {
    /// The number of its last news.
    var news: UInt64 = 0
    /// Why it takes no lines.
    var trouble: String?
    /// Its clock, in milliseconds since 1970, and when that was.
    private var time: Int64 = 0
    private var heard: UInt64 = 0

    init() {}

    init(_ state: ShardState, at now: UInt64) {
        (news, time, heard) = (state.news, state.time.milliseconds, now)
        trouble = state.trouble
    }

    /// The time on its clock, about.
    func time(at now: UInt64) -> Timestamp {
        Timestamp(milliseconds: time + Int64(now - min(heard, now)))
    }
}
