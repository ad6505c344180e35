/// A setting and the text that was given for it, which is not checked yet.
struct Given<Value: Sendable>: Sendable {
    let setting: Setting<Value>
    let source: GivenSource
    let text: String

    init(_ setting: Setting<Value>, commandLine text: String) {
        (self.setting, source, self.text) = (setting, .commandLine, text)
    }

    private init(_ setting: Setting<Value>, _ text: FileText) {
        (self.setting, source, self.text) = (setting, .file(text.place), text.text)
    }

    /// The value of the environment variable. An empty variable counts as unset.
    private init?(environmentOf setting: Setting<Value>) {
        guard ConfigurationScope.current.readsEnvironment,
            let variable = SystemCalls.environment(setting.variable), !variable.isEmpty
        else { return nil }
        (self.setting, source, text) = (setting, .environment, variable)
    }

    private init(default setting: Setting<Value>) {
        (self.setting, source, text) = (setting, .nobody, setting.fallbackText)
    }

    /// The value without a flag: of the environment variable, the configuration file, or the
    /// default.
    init(withoutFlag setting: Setting<Value>) {
        let file = ConfigurationScope.current.file.texts(of: setting.flag).last
        self =
            Given(environmentOf: setting) ?? file.map { Given(setting, $0) }
            ?? Given(default: setting)
    }

    /// The same for a setting with several values.
    static func list(withoutFlag setting: Setting<Value>) -> [Given] {
        if let given = Given(environmentOf: setting) { return [given] }
        let file = ConfigurationScope.current.file.texts(of: setting.flag)
        return file.isEmpty ? [Given(default: setting)] : file.map { Given(setting, $0) }
    }

    /// The setting and its value as they were given: `--port 80`, `HUBBUB_PORT=80`,
    /// `hubbub.yaml:3:7: port: 80`.
    var asGiven: String {
        let text = setting.shown(text)
        return switch source {
        case .nobody: "--\(setting.flag) \(text) (default)"
        case .environment: "\(setting.variable)=\(text)"
        case .file(let place): "\(place): \(setting.flag): \(text.isEmpty ? "''" : text)"
        case .commandLine: "--\(setting.flag) \(text.isEmpty ? "''" : text)"
        }
    }

    /// The value, if it is valid.
    func value() throws(Complaint) -> Value {
        if source == .nobody { return setting.fallback }
        guard let value = setting.parse(text) else {
            let hint = setting.hint(text).map { "\($0); " }
            throw complaint("\(hint ?? "")give \(setting.accepted)")
        }
        return value
    }

    /// An error that names the setting, its value and the remedy.
    func complaint(_ remedy: String, _ status: Complaint.Status = .usage) -> Complaint {
        guard case .file(let place) = source else {
            return Complaint(status, "\(asGiven): \(remedy)")
        }
        return Complaint(
            status == .usage ? .configuration : status, "\(asGiven): \(remedy)", at: place)
    }
}
