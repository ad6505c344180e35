internal import ArgumentParser

/// Something that can be set by a flag, or by the environment variable of the same name.
struct Setting<Value: Sendable>: Sendable {
    /// The flag without its dashes: `max-rooms`.
    let flag: String
    /// What stands for the value in the usage.
    let placeholder: String
    /// What it is, for the help.
    let what: String
    /// What a value may be, for the help and as the remedy for a wrong one.
    let accepted: String
    /// What it is when nobody has set it, and how the help says that.
    let fallback: Value
    let fallbackText: String
    /// The value that a text stands for; nil if none may be written so.
    let parse: @Sendable (String) -> Value?
    /// What is wrong with a text that can't be parsed; nil if only what is accepted can be said.
    var hint: @Sendable (String) -> String? = { _ in nil }

    /// What its environment variable begins with. A command has its own where another one has a
    /// flag of the same name.
    var variablePrefix = "HUBBUB_"

    /// The environment variable: `HUBBUB_MAX_ROOMS`.
    var variable: String {
        variablePrefix + String(flag.uppercased().map { $0 == "-" ? "_" : $0 })
    }

    /// The same with a hint about wrong texts.
    func hinting(_ hint: @escaping @Sendable (String) -> String?) -> Setting {
        var hinting = self
        hinting.hint = { [before = self.hint] text in hint(text) ?? before(text) }
        return hinting
    }

    var help: ArgumentHelp {
        ArgumentHelp(
            "\(what) (default: \(fallbackText); \(accepted); \(variable))", valueName: placeholder)
    }
}

extension Option {
    /// A setting of one value; given twice, the last one counts.
    init<T>(_ setting: Setting<T>) where Value == Given<T> {
        self.init(
            wrappedValue: Given(environmentOf: setting), name: .customLong(setting.flag),
            // Whatever comes next is the value, so that `-1` is refused as such.
            parsing: .unconditional, help: setting.help,
            transform: { Given(setting, commandLine: $0) })
    }

    /// A setting that may be given several times.
    init<T>(repeatable setting: Setting<T>) where Value == [Given<T>] {
        self.init(
            wrappedValue: [Given(environmentOf: setting)], name: .customLong(setting.flag),
            parsing: .unconditionalSingleValue, help: setting.help,
            transform: { Given(setting, commandLine: $0) })
    }
}
