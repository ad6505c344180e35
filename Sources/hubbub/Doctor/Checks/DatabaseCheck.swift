internal import ChatStore

/// Checks the database: that the daemon can use it, and that nothing is missing.
enum DatabaseCheck {
    /// Bytes of a WAL that grows because a reader doesn't end.
    private static let longLog = 256 << 20

    static func all(of data: DataFacts) -> [HostCheck] {
        let facts = data.database
        let first = standing(facts, data)
        switch facts.standing {
        case .absent, .unreadable, .refused: return [first]
        case .damaged, .sound, .unfinished:
            return [first, version(facts), log(facts), stamp(facts)]
        }
    }

    private static func standing(_ facts: DatabaseFacts, _ data: DataFacts) -> HostCheck {
        let name = "database"
        let size = "\(facts.bytes >> 20) MiB"
        switch facts.standing {
        case .absent: return HostCheck(name, "isn't there: the daemon makes it")
        case .unreadable(let reason):
            return HostCheck(name, "can't be read", .unfit, reason)
        case .refused(let reason):
            return HostCheck(name, "isn't for this program", .unfit, reason)
        case .damaged(let reason):
            return HostCheck(
                name, "\(size), damaged: \(reason)", .unfit,
                "put a backup in its place with `hubbub restore`; or start the daemon, which "
                    + "keeps the file and takes over what can be read")
        case .sound where facts.isSuspect:
            return HostCheck(
                name, "\(size), was found damaged in use", .doubtful,
                "the daemon checks it at its next start")
        case .sound: return HostCheck(name, "\(size), all of its pages are sound")
        case .unfinished:
            return HostCheck(
                name, "\(size), sound as far as the time allowed; `hubbub backup` checks all")
        }
    }

    private static func version(_ facts: DatabaseFacts) -> HostCheck {
        let name = "version of the tables"
        let found = "\(facts.version) of \(facts.currentVersion)"
        return HostCheck(
            name, facts.version < facts.currentVersion ? "\(found), renewed at start" : found)
    }

    private static func log(_ facts: DatabaseFacts) -> HostCheck {
        let name = "WAL in MiB"
        let found = "\(facts.walBytes >> 20)"
        guard facts.walBytes > longLog else { return HostCheck(name, found) }
        return HostCheck(
            name, found, .doubtful,
            "a program has been reading the database for long, so the WAL can't begin anew: end it")
    }

    private static func stamp(_ facts: DatabaseFacts) -> HostCheck {
        let name = "database has all that the daemon stored"
        switch facts.holdsStamp {
        case true: return HostCheck(name, "yes")
        case false:
            return HostCheck(
                name, "no: it is a copy of an earlier time, or its stamp is gone", .doubtful,
                "a new epoch begins at the next start, and clients are told")
        case nil: return HostCheck(name, "can't be told before its first start")
        }
    }
}
