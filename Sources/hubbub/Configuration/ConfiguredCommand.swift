internal import ArgumentParser

/// A command whose settings a configuration file may give.
protocol ConfiguredCommand {
    var config: Given<String?> { get }
}

extension ConfiguredCommand {
    /// The scope with the values of the file that was named. If there is none, the current one.
    func scope() throws(Complaint) -> ConfigurationScope {
        var scope = ConfigurationScope.current
        guard let path = try config.value() else { return scope }
        (scope.file, scope.faults) = ConfigurationFile(path: path).read()
        return scope
    }
}

extension Setting<String?> {
    static var configurationFile: Setting {
        Setting(
            flag: "config", placeholder: "file",
            what: "Configuration file, for what neither options nor variables set",
            accepted: "the name of a YAML file", fallback: nil, fallbackText: "none",
            parse: { $0.isEmpty ? .none : .some($0) })
    }
}
