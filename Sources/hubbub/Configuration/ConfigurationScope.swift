/// What the settings are read from besides the command line, while it is parsed.
///
/// The argument parser makes the default of each option when it parses. A default is the value of
/// the environment, or of the file that this task has read before.
struct ConfigurationScope: Sendable {
    /// The configuration file's values.
    var file = FileValues()
    /// What is wrong with the file itself.
    var faults = FaultList()
    var readsEnvironment = true

    @TaskLocal static var current = ConfigurationScope()
}
