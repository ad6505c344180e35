/// A script that Redis runs for a command. It is carried out as a whole: nothing else happens in
/// between, and its writes reach the log and the replicas together.
enum ShardScript: Int, CaseIterable {
    case enter
    case beat
    case begin
    case raise
    case append
    case open
    case read
    case catchUp
    case leave
    case trim
    case survey
    case waiting
    case revocations
    case news
    case consult
    case scan
    case make
    case erase
    case unerased
    case log
    case hold
    case release
    case drop
    case notify
    case attend
    case tellMembers
    case readMembers
    case bury

    /// Its text: what it shares with others, and its own.
    var text: [UInt8] { shared.flatMap(\.self) + own }

    private var shared: [[UInt8]] {
        let (shard, room) = (PackageResources.shard_lua, PackageResources.room_lua)
        let (news, held) = (PackageResources.news_lua, PackageResources.held_lua)
        let changed = PackageResources.changed_lua
        return switch self {
        case .enter, .beat, .begin: [shard]
        case .append: [shard, room]
        case .raise, .open, .read, .catchUp, .trim, .survey: [room]
        case .news, .notify: [room, news]
        case .consult: [room, news, changed]
        case .make: [room, news, held, changed]
        case .erase: [changed]
        case .waiting: [held]
        case .hold, .release, .drop: [room, news, held]
        case .leave, .revocations, .scan, .unerased, .log, .attend, .tellMembers, .readMembers,
            .bury:
            []
        }
    }

    private var own: [UInt8] {
        switch self {
        case .enter: PackageResources.enter_lua
        case .beat: PackageResources.beat_lua
        case .begin: PackageResources.begin_lua
        case .raise: PackageResources.raise_lua
        case .append: PackageResources.append_lua
        case .open: PackageResources.open_lua
        case .read: PackageResources.read_lua
        case .catchUp: PackageResources.catch_up_lua
        case .leave: PackageResources.leave_lua
        case .trim: PackageResources.trim_lua
        case .survey: PackageResources.survey_lua
        case .waiting: PackageResources.waiting_lua
        case .revocations: PackageResources.revocations_lua
        case .news: PackageResources.read_news_lua
        case .consult: PackageResources.consult_lua
        case .scan: PackageResources.scan_lua
        case .make: PackageResources.make_lua
        case .erase: PackageResources.erase_lua
        case .unerased: PackageResources.unerased_lua
        case .log: PackageResources.log_lua
        case .hold: PackageResources.hold_lua
        case .release: PackageResources.release_lua
        case .drop: PackageResources.drop_lua
        case .notify: PackageResources.notify_lua
        case .attend: PackageResources.attend_lua
        case .tellMembers: PackageResources.tell_members_lua
        case .readMembers: PackageResources.read_members_lua
        case .bury: PackageResources.bury_lua
        }
    }
}
