internal import ArgumentParser

/// Something that a flag sets, or the environment variable of the same name, or the key of the same
/// name in a configuration file.
struct Setting<Value: Sendable>: Sendable {
    /// The flag without its dashes: `max-rooms`.
    let flag: String
    /// The placeholder of the value in the usage.
    let placeholder: String
    /// A description for the help.
    let what: String
    /// The accepted values, for the help and as the remedy for a wrong one.
    let accepted: String
    /// The value if nothing is set, and its text in the help.
    let fallback: Value
    let fallbackText: String
    /// Makes a value from a text. Nil if the text isn't accepted.
    let parse: @Sendable (String) -> Value?
    /// What is wrong with a text that isn't accepted. Nil if there is nothing to add to
    /// ``accepted``.
    var hint: @Sendable (String) -> String? = { _ in nil }

    /// The default as a value in a configuration file, if ``fallbackText`` isn't one.
    var defaultText: String?
    /// A value for the example of a configuration file, if no value stands for the default.
    var example: String?
    /// Whether it can't change while the server runs.
    var isFixed = false
    /// A text as others may see it. Nil if they may see all of it.
    var mask: (@Sendable (String) -> String)?

    /// The prefix of its environment variable. A command has its own if another one has a flag of
    /// the same name.
    var variablePrefix = "HUBBUB_"

    /// The environment variable: `HUBBUB_MAX_ROOMS`.
    var variable: String {
        variablePrefix + String(flag.uppercased().map { $0 == "-" ? "_" : $0 })
    }

    /// The same with a value for the example.
    func example(_ text: String) -> Setting {
        var setting = self
        setting.example = text
        return setting
    }

    /// The same for a value that can't change while the server runs.
    var fixed: Setting {
        var setting = self
        setting.isFixed = true
        return setting
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
    /// A setting of one value. If it is given twice, the last one counts.
    init<T>(_ setting: Setting<T>) where Value == Given<T> {
        self.init(
            wrappedValue: Given(withoutFlag: setting), name: .customLong(setting.flag),
            // The next argument is always the value, so that `-1` is refused as a value.
            parsing: .unconditional, help: setting.help,
            transform: { Given(setting, commandLine: $0) })
    }

    /// A setting that may be given several times.
    init<T>(repeatable setting: Setting<T>) where Value == [Given<T>] {
        self.init(
            wrappedValue: Given.list(withoutFlag: setting), name: .customLong(setting.flag),
            parsing: .unconditionalSingleValue, help: setting.help,
            transform: { Given(setting, commandLine: $0) })
    }
}
