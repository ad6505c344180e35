/// A setting and the text that was given for it, which is not checked yet.
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

    /// The value of the environment variable. An empty variable counts as unset.
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

    /// The value, if it is valid.
    func value() throws(Complaint) -> Value {
        if source == .nobody { return setting.fallback }
        guard let value = setting.parse(text) else {
            let hint = setting.hint(text).map { "\($0); " } ?? ""
            throw complaint("\(hint)give \(setting.accepted)")
        }
        return value
    }

    /// An error that names the setting, its value and the remedy.
    func complaint(_ remedy: String, _ status: Complaint.Status = .usage) -> Complaint {
        Complaint(status, "\(asGiven): \(remedy)")
    }
}
