// The part of libcurl that Hubbub needs: one request at a time, which blocks its thread. It is in C
// because libcurl's options are variadic functions and macros.
#ifndef HUBBUB_CCURL_H
#define HUBBUB_CCURL_H

#if !__has_include(<curl/curl.h>)
#error "The headers of libcurl are missing. Install them with: apt-get install libcurl4-openssl-dev"
#else

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Keeps the connections of earlier requests for later ones. One thread at a time may use it.
typedef struct ccurl_session ccurl_session;

typedef struct {
    /// https, or http if that is allowed.
    const char *url;
    /// GET if there is no method.
    const char *method;
    /// Lines such as "content-type: application/json".
    const char *const *fields;
    size_t field_count;
    const uint8_t *content;
    size_t content_length;
    /// The longest content of the answer, in bytes.
    size_t limit;
    /// For all of it: the look-up of the name, the connection, the answer.
    long milliseconds;
    /// Whether the server may have an address that isn't public.
    bool allows_private;
    /// Whether the request may go over plain http.
    bool allows_plain;
    /// File with the certificates of authorities. NULL for those of the system.
    const char *authorities;
    /// NULL for a connection of its own. All requests of a session must allow the same addresses.
    ccurl_session *session;
} ccurl_request;

typedef enum __attribute__((enum_extensibility(closed))) {
    ccurl_outcome_answered,
    /// Each address of the server is one that isn't public.
    ccurl_outcome_private_address,
    ccurl_outcome_too_large,
    ccurl_outcome_timed_out,
    ccurl_outcome_failed,
} ccurl_outcome;

typedef struct {
    ccurl_outcome outcome;
    /// The status of the answer.
    long status;
    /// The content of the answer. Belongs to the caller, see ccurl_free.
    uint8_t *content;
    size_t length;
    /// What went wrong, as libcurl says it. Never freed.
    const char *reason;
} ccurl_answer;

/// Sends a request and waits for the answer. It follows no redirection and uses no proxy, cookie or
/// password from elsewhere. Safe to call on several threads.
ccurl_answer ccurl_perform(const ccurl_request *request);

void ccurl_free(ccurl_answer *answer);

/// NULL if there is no memory.
ccurl_session *ccurl_session_open(void);
void ccurl_session_close(ccurl_session *session);

/// Whether an address is a public one: 4 bytes of IPv4 or 16 of IPv6.
bool ccurl_is_public(const uint8_t *address, size_t length);

#endif
#endif
