internal import ChatServer

/// The key path of a limit.
typealias LimitPath<Value> = any WritableKeyPath<Limits, Value> & Sendable

/// A value for one of the limits.
struct LimitChange: Sendable {
    /// The key path of the limit, by type.
    enum Path: Sendable {
        case integer(LimitPath<Int>)
        case milliseconds(LimitPath<UInt64>)
    }

    let path: Path
    let unit: Unit
    let value: Int

    func apply(to limits: inout Limits) {
        switch path {
        case .integer(let path): limits[keyPath: path] = value
        case .milliseconds(let path): limits[keyPath: path] = UInt64(value)
        }
    }

    /// The limit's value in `limits`, with its unit.
    func text(in limits: Limits) -> String {
        switch path {
        case .integer(let path): unit.text(limits[keyPath: path])
        case .milliseconds(let path): unit.text(Int(limits[keyPath: path]))
        }
    }

    /// The limit's value in `limits` as a setting, without the name of what is counted.
    func plainText(in limits: Limits) -> String {
        let text = text(in: limits)
        guard case .count = unit else { return text }
        return String(text.prefix { $0 != " " })
    }

    /// Whether it changes the limit at that path.
    func sets(_ other: WritableKeyPath<Limits, Int>) -> Bool {
        switch path {
        case .integer(let path): path == other
        case .milliseconds: false
        }
    }
}

extension Setting<LimitChange> {
    /// A limit of bytes.
    static func bytes(
        _ flag: String, _ path: LimitPath<Int>, _ range: ClosedRange<Int>,
        zero: String? = nil, _ what: String
    ) -> Setting {
        limit(flag, .integer(path), defaults[keyPath: path], .bytes, range, zero: zero, what)
    }

    /// A limit of pieces or of a rate.
    static func count(
        _ flag: String, _ path: LimitPath<Int>, _ range: ClosedRange<Int>,
        of unit: String, zero: String? = nil, _ what: String
    ) -> Setting {
        limit(flag, .integer(path), defaults[keyPath: path], .count(unit), range, zero: zero, what)
    }

    /// A limit of time, kept in milliseconds.
    static func seconds(
        _ flag: String, _ path: LimitPath<UInt64>, zero: String? = nil,
        _ what: String
    ) -> Setting {
        // A day is more than anybody waits for, and fits every clock here.
        limit(
            flag, .milliseconds(path), Int(defaults[keyPath: path]), .seconds, 100...86_400_000,
            zero: zero, what)
    }

    /// The limit in `limits`, if that isn't the default.
    func changed(in limits: Limits) -> ChangedLimit? {
        let (value, standard) = (fallback.text(in: limits), fallback.unit.text(fallback.value))
        guard value != standard else { return nil }
        return ChangedLimit(name: flag, value: value, standard: standard)
    }

    /// The limits if nothing is set. The budgets depend on the memory. The number of connections
    /// depends on the machine: 0 stands for that.
    private static var defaults: Limits {
        var limits = Limits()
        limits.connections = 0
        limits.bufferBudget = UsableMemory.inForce.bufferBudget
        limits.compressionBudget = UsableMemory.inForce.compressionBudget
        return limits
    }

    /// The limits if nothing is set, on a machine with much memory.
    private static var largest: Limits {
        var limits = Limits()
        limits.connections = 0
        return limits
    }

    /// - Parameter zero: the meaning of 0, if 0 is allowed besides `range`.
    private static func limit(
        _ flag: String, _ path: LimitChange.Path, _ fallback: Int, _ unit: Unit,
        _ range: ClosedRange<Int>, zero: String?, _ what: String
    ) -> Setting {
        let change = LimitChange(path: path, unit: unit, value: fallback)
        return Setting(
            flag: flag, placeholder: unit.placeholder, what: what,
            accepted: unit.text(range) + (zero.map { ", or 0 for \($0)" } ?? ""),
            fallback: change,
            fallbackText: zero.flatMap { fallback == 0 ? "0, \($0)" : nil } ?? unit.text(fallback),
            parse: { text in
                guard let value = unit.parse(text),
                    range.contains(value) || value == 0 && zero != nil
                else { return nil }
                return LimitChange(path: path, unit: unit, value: value)
            },
            hint: { text in
                unit.parse(text) == 0 ? "0 does not switch it off" : unit.hint(text)
            },
            // The example is the same on every machine.
            defaultText: change.plainText(in: largest))
    }
}
