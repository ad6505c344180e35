// TLS for Hubbub over OpenSSL 3, without sockets: ciphertext in, plaintext out, and back.
//
// Bytes that a session wants to send are appended to the output of the calling thread. A session
// may move from one thread to another between calls; no two threads may use it at once.
#ifndef HUBBUB_COPENSSL_TLS_H
#define HUBBUB_COPENSSL_TLS_H

#include <stddef.h>
#include <stdint.h>

typedef struct copenssl_credentials copenssl_credentials;
typedef struct copenssl_tickets copenssl_tickets;
typedef struct copenssl_context copenssl_context;
typedef struct ssl_st copenssl_session;
typedef struct copenssl_records copenssl_records;
typedef struct ssl_session_st copenssl_resumption;

/// What is wrong with a certificate and its key.
typedef enum {
    COPENSSL_GOOD = 0,
    COPENSSL_NO_CERTIFICATE,
    COPENSSL_BROKEN_CERTIFICATE,
    COPENSSL_NO_KEY,
    COPENSSL_ENCRYPTED_KEY,
    COPENSSL_BROKEN_KEY,
    COPENSSL_MISMATCH,
    COPENSSL_WEAK,
    /// The key belongs to a certificate of the chain that isn't the first one.
    COPENSSL_WRONG_ORDER,
    /// No client can check a signature of the key: DSA, or a curve that TLS doesn't use.
    COPENSSL_UNUSABLE,
    COPENSSL_NO_MEMORY,
} copenssl_problem;

// A certificate with its chain, and its key.
/// Parses PEM. Returns NULL and sets `problem` if something is wrong.
copenssl_credentials *_Nullable copenssl_credentials_parse(
    const uint8_t *_Nullable chain, size_t chain_count, const uint8_t *_Nullable key,
    size_t key_count, copenssl_problem *_Nonnull problem);
void copenssl_credentials_free(copenssl_credentials *_Nonnull credentials);
/// Name `index` of the certificate: its DNS names and addresses, or its common name if it has none.
/// NULL past the last one. It is valid as long as the credentials are.
const char *_Nullable copenssl_credentials_name(
    const copenssl_credentials *_Nonnull credentials, size_t index);
/// Whether browsers take the key: RSA, or ECDSA with P-256 or P-384.
int copenssl_credentials_are_common(const copenssl_credentials *_Nonnull credentials);
/// Seconds since 1970 at which the certificate begins and ends to be valid.
int64_t copenssl_credentials_not_before(const copenssl_credentials *_Nonnull credentials);
int64_t copenssl_credentials_not_after(const copenssl_credentials *_Nonnull credentials);
/// The serial number and the issuer make a certificate unique; this hash covers all of it.
void copenssl_credentials_fingerprint(
    const copenssl_credentials *_Nonnull credentials, uint8_t *_Nonnull digest);

// The keys of session tickets, which several contexts share. Safe to call from any thread.
/// A new key is made every `rotation` seconds. A ticket is good for `lifetime` seconds.
copenssl_tickets *_Nullable copenssl_tickets_new(int64_t rotation, int64_t lifetime);
void copenssl_tickets_free(copenssl_tickets *_Nonnull tickets);
/// Makes a new key now. Returns 0 if there is no randomness.
int copenssl_tickets_rotate(copenssl_tickets *_Nonnull tickets);

// Contexts. They never change once a session was made from them.
/// A server's context without a certificate. The tickets must outlive it.
copenssl_context *_Nullable copenssl_server_context_new(copenssl_tickets *_Nonnull tickets);
/// Adds a certificate. The first one serves clients that ask for no name that is known.
copenssl_problem copenssl_server_context_add(
    copenssl_context *_Nonnull context, const copenssl_credentials *_Nonnull credentials);
/// A client's context. It trusts the roots of the system and those in `roots` (PEM), or everybody
/// if `verifies` is 0. NULL if there is no memory, or if the roots can't be read.
copenssl_context *_Nullable copenssl_client_context_new(
    int verifies, const uint8_t *_Nullable roots, size_t roots_count);
/// Offers one cipher suite only. Returns 0 if there is none of this name.
int copenssl_client_context_offer(copenssl_context *_Nonnull context, const char *_Nonnull suite);
void copenssl_context_free(copenssl_context *_Nonnull context);

// Sessions.
copenssl_session *_Nullable copenssl_server_session_new(copenssl_context *_Nonnull context);
/// `host` is the name or the address that the certificate must have. `earlier` may be NULL.
copenssl_session *_Nullable copenssl_client_session_new(
    copenssl_context *_Nonnull context, const char *_Nonnull host,
    copenssl_resumption *_Nullable earlier);
void copenssl_session_free(copenssl_session *_Nonnull session);

enum { COPENSSL_WAITS = 0, COPENSSL_DONE = 1, COPENSSL_ENDED = -1, COPENSSL_FAILED = -2 };

/// Goes on with the handshake. `*count` are the bytes of `input`, and afterwards those of them that
/// were taken. Returns COPENSSL_DONE, COPENSSL_WAITS for more input, or COPENSSL_FAILED.
int copenssl_session_handshake(
    copenssl_session *_Nonnull session, const uint8_t *_Nullable input, size_t *_Nonnull count);
/// Reads from at most one record into `plaintext`. Returns the number of bytes, COPENSSL_WAITS,
/// COPENSSL_ENDED after the peer's close_notify, or COPENSSL_FAILED.
long copenssl_session_read(
    copenssl_session *_Nonnull session, const uint8_t *_Nullable input, size_t *_Nonnull count,
    uint8_t *_Nonnull plaintext, size_t capacity);
/// Plaintext that was decrypted and not read.
size_t copenssl_session_pending(const copenssl_session *_Nonnull session);
/// Writes at least one byte in one record of at most 16 KiB, and returns the number, or
/// COPENSSL_FAILED.
long copenssl_session_write(
    copenssl_session *_Nonnull session, const uint8_t *_Nonnull plaintext, size_t count);
/// Writes close_notify.
void copenssl_session_finish(copenssl_session *_Nonnull session);
/// Writes that our keys change, and asks for the peer's to change. Only TLS 1.3 has it.
int copenssl_session_update_keys(copenssl_session *_Nonnull session);
/// Writes a client's request for renegotiation. Only TLS 1.2 has it, and our server refuses.
int copenssl_session_renegotiate(copenssl_session *_Nonnull session);

/// What the session agreed on: static texts.
const char *_Nonnull copenssl_session_version(const copenssl_session *_Nonnull session);
const char *_Nonnull copenssl_session_cipher(const copenssl_session *_Nonnull session);
/// Whether the peer agreed to speak HTTP/1.1 by ALPN.
int copenssl_session_has_agreed(const copenssl_session *_Nonnull session);
int copenssl_session_is_resumed(const copenssl_session *_Nonnull session);
/// Whether the peer's certificate is that of the credentials.
int copenssl_session_met(
    const copenssl_session *_Nonnull session, const copenssl_credentials *_Nonnull credentials);
/// Why it failed: a text that stays valid until the next call on this thread.
const char *_Nonnull copenssl_session_failure(const copenssl_session *_Nonnull session);

/// What is at the bottom of a failure, for a client.
typedef enum {
    COPENSSL_OTHER = 0,
    COPENSSL_NOT_TLS,
    COPENSSL_EXPIRED,
    COPENSSL_NOT_YET_VALID,
    COPENSSL_OTHER_HOST,
    COPENSSL_SELF_SIGNED,
    COPENSSL_UNKNOWN_ISSUER,
    COPENSSL_UNTRUSTED,
} copenssl_cause;
/// The cause of a failure, until the next call on this thread.
copenssl_cause copenssl_session_cause(const copenssl_session *_Nonnull session);
/// Name `index` of the certificate that was refused last on this thread because it is for another
/// host. NULL past the last one. It is valid until the next certificate is checked.
const char *_Nullable copenssl_session_refused_name(size_t index);

/// The state of a client's session that a later one may resume. NULL if the server gave none.
copenssl_resumption *_Nullable copenssl_session_resumption(copenssl_session *_Nonnull session);
void copenssl_resumption_free(copenssl_resumption *_Nonnull resumption);

// The records of a server's session of TLS 1.3 after its handshake, without OpenSSL's session.
/// Takes the keys of a session that has just shaken hands, and has sent `sent` records with them.
/// NULL if it has no TLS 1.3, or if there is no memory. The session isn't needed afterwards.
copenssl_records *_Nullable copenssl_session_take_over(
    const copenssl_session *_Nonnull session, uint64_t sent);
void copenssl_records_free(copenssl_records *_Nonnull records);
/// OpenSSL's name of the cipher suite: a static text.
const char *_Nonnull copenssl_records_cipher(const copenssl_records *_Nonnull records);
/// Takes one whole record. COPENSSL_DONE if it holds plaintext, which stays where it is until the
/// next call on this thread. COPENSSL_WAITS if it holds none, COPENSSL_ENDED, or COPENSSL_FAILED,
/// after which the records can't be used.
int copenssl_records_read(
    copenssl_records *_Nonnull records, const uint8_t *_Nonnull record, size_t count,
    const uint8_t *_Nullable *_Nonnull plaintext, size_t *_Nonnull plaintext_count);
/// Writes at most 16 KiB in one record, and returns the number, or COPENSSL_FAILED.
long copenssl_records_write(
    copenssl_records *_Nonnull records, const uint8_t *_Nonnull plaintext, size_t count);
/// Writes close_notify.
void copenssl_records_finish(copenssl_records *_Nonnull records);
/// Writes that our keys change, and asks for the peer's to change.
int copenssl_records_update_keys(copenssl_records *_Nonnull records);

// The output of this thread.
/// The bytes since the last clearing. They stay where they are until the next call.
const uint8_t *_Nullable copenssl_output(size_t *_Nonnull count);
void copenssl_output_clear(void);

#endif
