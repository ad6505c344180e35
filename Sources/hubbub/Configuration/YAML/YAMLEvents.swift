internal import CYAML

/// The events of a YAML text, one after the other.
///
/// Invariant of the unsafe code here: the copy of the text lives as long as the reader, which reads
/// only its `count` bytes. The text of an event is copied before the next event is read.
@safe struct YAMLEvents: ~Copyable {
    /// One event, and where it is.
    struct Event {
        enum Kind {
            case document, list, map, end, over
            case scalar(String, isPlain: Bool)
            case alias(String)
            /// What is wrong with the text. It is the last event.
            case fault(String)
        }

        let kind: Kind
        let place: FilePlace
        /// Whether something refers to it, or could.
        let hasAnchor: Bool
        /// Whether its tag makes it something else than a text, a list or a map.
        let hasTag: Bool
    }

    private let file: String
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private let reader: OpaquePointer?

    /// - Parameters:
    ///   - text: valid UTF-8.
    ///   - file: the file's name, for places.
    init(_ text: [UInt8], file: String) {
        self.file = file
        unsafe bytes = .allocate(capacity: text.count)
        _ = unsafe bytes.initialize(from: text)
        unsafe reader = cyaml_open(bytes.baseAddress, text.count)
    }

    deinit {
        if let reader = unsafe reader { unsafe cyaml_close(reader) }
        unsafe bytes.deallocate()
    }

    func next() -> Event {
        var event = unsafe cyaml_event()
        guard let reader = unsafe reader else {
            return Event(
                kind: .fault("out of memory"), place: FilePlace(file: file, line: 1, column: 1),
                hasAnchor: false, hasTag: false)
        }
        unsafe cyaml_next(reader, &event)
        let text = unsafe String(
            decoding: UnsafeRawBufferPointer(start: event.text, count: event.count),
            as: UTF8.self)
        let kind: Event.Kind =
            switch unsafe event.kind {
            case .document: .document
            case .scalar: .scalar(text, isPlain: unsafe event.is_plain)
            case .list: .list
            case .map: .map
            case .end: .end
            case .alias: .alias(text)
            case .over: .over
            case .fault: .fault(text)
            }
        let place = unsafe FilePlace(
            file: file, line: Int(event.line), column: Int(event.column))
        return Event(
            kind: kind, place: place, hasAnchor: unsafe event.has_anchor,
            hasTag: unsafe event.has_tag)
    }
}
