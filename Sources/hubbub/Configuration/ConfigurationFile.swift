internal import Reactor

/// A configuration file on disk.
struct ConfigurationFile {
    /// The most bytes that are read. The longest useful file has a hundredth of it.
    static let most = 1 << 20

    let path: String

    /// Its values, and what is wrong with it. A file with a fault has the values without faults, so
    /// that all faults can be found at once.
    func read(as schema: [SchemaNode] = Schema.nodes) -> (values: FileValues, faults: FaultList) {
        var faults = FaultList()
        guard let bytes = faults.collect({ () throws(Complaint) in try contents() }) else {
            return (FileValues(), faults)
        }
        return read(bytes, as: schema)
    }

    /// The same for its content.
    func read(
        _ bytes: [UInt8], as schema: [SchemaNode] = Schema.nodes
    ) -> (values: FileValues, faults: FaultList) {
        var faults = FaultList()
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        if let place = placeOfInvalidText(in: text) {
            faults.add(place, "this is not UTF-8; save the file as UTF-8")
            return (FileValues(), faults)
        }
        let root = YAMLReader.read(text, file: path, faults: &faults)
        var reader = SchemaReader()
        let values = reader.values(of: root, as: schema)
        faults.append(reader.faults)
        return (values, faults)
    }

    private func contents() throws(Complaint) -> [UInt8] {
        let contents: SystemCalls.Contents
        do throws(SystemError) {
            contents = try SystemCalls.contents(of: path, limit: Self.most)
        } catch {
            throw complaint("\(SystemError.text(error.errno)); name a file that can be read")
        }
        switch contents {
        case .bytes(let bytes): return bytes
        case .larger: throw complaint("more than \(Unit.bytes.text(Self.most)); shorten it")
        case .noFile: throw complaint("not a regular file; name one")
        }
    }

    private func complaint(_ text: String) -> Complaint {
        Complaint(.configuration, "\(path.isEmpty ? "''" : path): \(text)")
    }

    private func placeOfInvalidText(in bytes: [UInt8]) -> FilePlace? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        var decoder = UTF8()
        var rest = bytes.makeIterator()
        var (line, column) = (1, 1)
        while true {
            switch decoder.decode(&rest) {
            case .scalarValue("\n"): (line, column) = (line + 1, 1)
            case .scalarValue: column += 1
            case .emptyInput: return nil
            case .error: return FilePlace(file: path, line: line, column: column)
            }
        }
    }
}
