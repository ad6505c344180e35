// The traffic secrets of a TLS 1.3 session, for the files of this module.
#ifndef HUBBUB_SECRETS_H
#define HUBBUB_SECRETS_H

#include <openssl/ssl.h>
#include <stdint.h>

enum { LONGEST_SECRET = 48 };

typedef struct {
    /// Of what the client and the server send (RFC 8446 section 7.1).
    uint8_t client[LONGEST_SECRET], server[LONGEST_SECRET];
    /// Their sizes in bytes. 0 if a secret isn't known.
    size_t client_size, server_size;
} session_secrets;

/// Lets sessions of the context note their secrets.
void copenssl_note_secrets(SSL_CTX *context);
/// NULL if none are known.
const session_secrets *copenssl_secrets(const SSL *ssl);

#endif
