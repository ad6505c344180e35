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

    /// What its environment variable begins with. A command has its own where another one has a
    /// flag of the same name.
    var variablePrefix = "HUBBUB_"

    /// The environment variable: `HUBBUB_MAX_ROOMS`.
    var variable: String {
        variablePrefix + String(flag.uppercased().map { $0 == "-" ? "_" : $0 })
    }

    var help: ArgumentHelp {
        ArgumentHelp(
            "\(what) (default: \(fallbackText); \(accepted); \(variable))", valueName: placeholder)
    }
}

/// A setting and what was given for it, not checked yet.
struct Given<Value: Sendable>: Sendable {
    enum Source {
        case nobody
        case environment
        case commandLine
    }

    let setting: Setting<Value>
    let source: Source
    private let text: String

    init(_ setting: Setting<Value>, commandLine text: String) {
        (self.setting, source, self.text) = (setting, .commandLine, text)
    }

    /// What the environment says; an empty variable counts as unset.
    init(environmentOf setting: Setting<Value>) {
        let variable = SystemCalls.environment(setting.variable) ?? ""
        self.setting = setting
        source = variable.isEmpty ? .nobody : .environment
        text = variable.isEmpty ? setting.fallbackText : variable
    }

    /// The setting and its value as they were given: `--port 80`, `HUBBUB_PORT=80`.
    var asGiven: String {
        switch source {
        case .nobody: "--\(setting.flag) \(text) (default)"
        case .environment: "\(setting.variable)=\(text)"
        case .commandLine: "--\(setting.flag) \(text.isEmpty ? "''" : text)"
        }
    }

    /// The value, if it may be so.
    func value() throws(Complaint) -> Value {
        if source == .nobody { return setting.fallback }
        guard let value = setting.parse(text) else { throw complaint("give \(setting.accepted)") }
        return value
    }

    /// What is wrong with the value, and what to do about it.
    func complaint(_ remedy: String, _ status: Complaint.Status = .usage) -> Complaint {
        Complaint(status, "\(asGiven): \(remedy)")
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
