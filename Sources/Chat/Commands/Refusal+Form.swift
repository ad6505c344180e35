/// Refusals of a command's form: its JSON, its fields and their types.
extension Refusal {
    /// `offset` counts bytes from 0.
    static func invalidJSON(_ problem: String, at offset: Int) -> Refusal {
        Refusal(.invalidJSON, "The JSON is broken at byte \(offset): \(problem).")
    }

    static func notAnObject(_ found: JSONScanner.Kind) -> Refusal {
        Refusal(.invalidCommand, "A command must be a JSON object, not \(found.rawValue).")
    }

    static func missingField(_ name: String) -> Refusal {
        Refusal(.invalidCommand, "The field \"\(name)\" is missing: add it.")
    }

    /// `expected` describes what the field may be.
    static func wrongType(
        of field: String, _ found: JSONScanner.Kind, expected: String = "a string"
    ) -> Refusal {
        Refusal(
            .invalidCommand, "The field \"\(field)\" must be \(expected), not \(found.rawValue).")
    }

    /// A number that is invalid for `field`. `expected` describes the valid ones.
    static func wrongNumber(_ field: String, expected: String) -> Refusal {
        Refusal(.invalidCommand, "The field \"\(field)\" must be \(expected), in digits only.")
    }

    static func invalidID(length: Int) -> Refusal {
        Refusal(
            .invalidCommand,
            "The field \"id\" has \(length) bytes; 1 to \(Command.idLengthLimit) are allowed: "
                + "choose another.")
    }

    /// The reason doesn't repeat the type, which may be anything of any length.
    static func unknownType(known: [String]) -> Refusal {
        Refusal(
            .unknownType,
            "The field \"type\" must be one of these: \(known.joined(separator: ", ")).")
    }
}
