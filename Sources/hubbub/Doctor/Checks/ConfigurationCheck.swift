/// Checks the configuration file.
enum ConfigurationCheck {
    static func all(of facts: ConfigurationFacts) -> [HostCheck] {
        let name = "configuration \(facts.path)"
        if !facts.faults.isEmpty {
            return facts.faults.map { HostCheck(name, "has a fault", .unfit, $0) }
        }
        if !facts.notes.isEmpty {
            return facts.notes.map {
                HostCheck(name, "has a setting without effect", .doubtful, $0)
            }
        }
        return [HostCheck(name, "no faults")]
    }
}
