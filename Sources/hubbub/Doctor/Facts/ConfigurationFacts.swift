internal import ArgumentParser

/// A configuration file, as `hubbub config check` finds it.
struct ConfigurationFacts: Equatable {
    var path: String
    /// One line for each fault, with its place and the remedy.
    var faults: [String]
    /// Settings without effect.
    var notes: [String]

    static func present(_ path: String) -> ConfigurationFacts {
        var scope = ConfigurationScope()
        (scope.file, scope.faults) = ConfigurationFile(path: path).read()
        scope.readsEnvironment = false
        var facts = ConfigurationFacts(path: path, faults: [], notes: [])
        do {
            facts.notes = try ConfigurationScope.$current.withValue(scope) {
                try Settings(Serve.parse([])).idle
            }
        } catch let faults as FaultList {
            facts.faults = faults.lines
        } catch let complaint as Complaint {
            facts.faults = [complaint.text]
        } catch {
            facts.faults = ["\(error)"]
        }
        return facts
    }
}
