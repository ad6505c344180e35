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
        guard let value = setting.parse(text) else {
            let hint = setting.hint(text).map { "\($0); " } ?? ""
            throw complaint("\(hint)give \(setting.accepted)")
        }
        return value
    }

    /// What is wrong with the value, and what to do about it.
    func complaint(_ remedy: String, _ status: Complaint.Status = .usage) -> Complaint {
        Complaint(status, "\(asGiven): \(remedy)")
    }
}
