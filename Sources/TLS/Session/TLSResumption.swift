internal import COpenSSL

/// The state of a client's session that a later session with the same server may resume.
///
/// Invariant of the unsafe calls here: `handle` is a state that this object owns, and that OpenSSL
/// never changes.
@safe public final class TLSResumption: @unchecked Sendable {
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe copenssl_resumption_free(handle)
    }
}
