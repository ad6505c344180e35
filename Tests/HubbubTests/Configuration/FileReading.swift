import ArgumentParser

@testable import hubbub

/// What a text says as a configuration file.
struct FileReading {
    let values: FileValues
    let faults: FaultList
    private let scope: ConfigurationScope

    init(_ text: String, as schema: [SchemaNode] = Schema.nodes) {
        self.init(bytes: Array(text.utf8), as: schema)
    }

    init(bytes: [UInt8], as schema: [SchemaNode] = Schema.nodes) {
        (values, faults) = ConfigurationFile(path: "f").read(bytes, as: schema)
        var scope = ConfigurationScope()
        (scope.file, scope.faults, scope.readsEnvironment) = (values, faults, false)
        self.scope = scope
    }

    /// What `body` returns while the file is the one that is read.
    func within<Result>(_ body: () throws -> Result) rethrows -> Result {
        try ConfigurationScope.$current.withValue(scope, operation: body)
    }

    /// The options of `hubbub serve` with the file and these arguments.
    func serve(_ arguments: [String] = []) throws -> Serve {
        try ConfigurationScope.$current.withValue(scope) { try Serve.parse(arguments) }
    }

    /// The settings with the file. Throws the list of all faults.
    func settings(_ arguments: [String] = []) throws -> Settings {
        try ConfigurationScope.$current.withValue(scope) {
            try Settings(Serve.parse(arguments))
        }
    }

    /// The lines that `hubbub serve` would print. Empty if it would start.
    func lines(_ arguments: [String] = []) throws -> [String] {
        do {
            _ = try settings(arguments)
            return []
        } catch let faults as FaultList {
            return faults.lines
        }
    }
}
