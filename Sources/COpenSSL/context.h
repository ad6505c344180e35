// The contexts, for the files of this module.
#ifndef HUBBUB_CONTEXT_H
#define HUBBUB_CONTEXT_H

#include "COpenSSL.h"

#include <openssl/ssl.h>

/// A certificate's context, and the names for which it is chosen.
typedef struct {
    SSL_CTX *context;
    char **names;
    size_t name_count;
} context_choice;

struct copenssl_context {
    /// The context of sessions at first. A server's has the first certificate.
    SSL_CTX *main;
    /// A server's certificates.
    context_choice *choices;
    size_t choice_count;
};

/// Notes the names of a certificate that is refused because it is for another host.
void copenssl_note_names(X509 *certificate);

#endif
