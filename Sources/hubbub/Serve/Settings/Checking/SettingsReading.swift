internal import ChatServer
internal import ChatStore
internal import Identity

/// Reads settings, and collects all faults.
struct SettingsReading {
    /// Those of the configuration file, and those found so far.
    var faults = ConfigurationScope.current.faults

    /// The value, or the default if it is faulty.
    mutating func value<Value>(of given: Given<Value>) -> Value {
        checked(given) ?? given.setting.fallback
    }

    private mutating func checked<Value>(_ given: Given<Value>) -> Value? {
        faults.collect { () throws(Complaint) in try given.value() }
    }

    /// Wrong values are reported even if lines aren't kept.
    mutating func history(_ options: HistoryOptions) -> Settings.History {
        Settings.History(
            directory: value(of: options.data), durability: value(of: options.durability),
            retention: Retention(
                days: value(of: options.retainDays), lines: value(of: options.retainLines),
                bytes: value(of: options.historyBytes)))
    }

    /// The keys in a file. None if it is faulty.
    mutating func apiKeys(_ given: Given<String?>) -> APIKeys {
        guard let path = value(of: given) else { return APIKeys() }
        return faults.collect { () throws(Complaint) in
            do throws(KeyFileProblem) {
                return try APIKeyFile.keys(at: path)
            } catch {
                throw given.complaint(error.reason)
            }
        } ?? APIKeys()
    }

    mutating func limits(_ options: [Given<LimitChange>]) -> Limits {
        var limits = Limits()
        var right: [Given<LimitChange>] = []
        for given in options {
            guard let change = checked(given) else { continue }
            change.apply(to: &limits)
            right.append(given)
        }
        // Only a size that was set is a limit.
        limits.roomLogsGrow = options.contains {
            $0.source == .nobody && $0.setting.fallback.sets(\.roomLogBytes)
        }
        for inequality in Limits.inequalities where !inequality.holds(in: limits) {
            let lesser = right.first { $0.setting.fallback.sets(inequality.lesser) }
            let greater = right.first { $0.setting.fallback.sets(inequality.greater) }
            // A faulty one is reported already.
            guard let lesser, let greater else { continue }
            faults.append(Self.complaint(about: lesser, greater, inequality))
        }
        return limits
    }

    private static func complaint(
        about lesser: Given<LimitChange>, _ greater: Given<LimitChange>,
        _ inequality: Limits.Inequality
    ) -> Complaint {
        // If the user set only one of the two, the error must be about that one.
        if lesser.source == .nobody {
            return greater.complaint(
                "must be \(inequality.allowsEqual ? "at least" : "more than") "
                    + "\(lesser.asGiven); raise it or lower the other")
        }
        return lesser.complaint(
            "must be \(inequality.allowsEqual ? "at most" : "less than") "
                + "\(greater.asGiven); lower it or raise the other")
    }
}
