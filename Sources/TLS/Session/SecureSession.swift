/// One end of a secured connection, without a socket. ``TLSSession`` is the one of production;
/// tests have one that is easy to predict.
public protocol SecureSession: ~Copyable, Sendable {
    var state: TLSSession.State { get }
    /// Whether this is an earlier session, resumed.
    var isResumed: Bool { get }
    /// Whether more plaintext may come without further ciphertext.
    var hasMore: Bool { get }
    /// Whether it waits for the rest of a record.
    var isInsideRecord: Bool { get }
    /// Bytes of ciphertext that it keeps.
    var heldBytes: Int { get }

    /// Takes ciphertext, writes plaintext to the front of `plaintext` and returns its size. Appends
    /// to `output` what must be sent.
    mutating func receive(
        _ ciphertext: Span<UInt8>, into plaintext: inout MutableSpan<UInt8>,
        output: inout [UInt8]
    ) -> Int

    /// Appends the records for `plaintext` to `output`. False if the session has failed.
    mutating func send(_ plaintext: Span<UInt8>, output: inout [UInt8]) -> Bool

    /// Appends the message that nothing more is sent.
    mutating func finish(output: inout [UInt8])
}

extension TLSSession: SecureSession {}
