/// What the tests need and is always made.
enum Made {
    static func value<Value>(_ make: () throws -> Value) -> Value {
        do {
            return try make()
        } catch {
            preconditionFailure("\(error)")
        }
    }

    static func awaited<Value>(_ make: () async throws -> Value) async -> Value {
        do {
            return try await make()
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
