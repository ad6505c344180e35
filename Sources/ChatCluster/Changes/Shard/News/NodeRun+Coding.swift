extension NodeRun: Codable {
    private struct Fields: Codable {
        let name: String
        let number: UInt64
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(from: decoder)
        guard let name = NodeName(fields.name) else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath, debugDescription: "no name of a node"))
        }
        self.init(name, number: fields.number)
    }

    package func encode(to encoder: any Encoder) throws {
        try Fields(name: name.text, number: number).encode(to: encoder)
    }
}
