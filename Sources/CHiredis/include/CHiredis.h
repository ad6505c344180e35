// The part of hiredis that Hubbub needs: to connect without waiting, and to read replies. It is in
// C because hiredis writes without MSG_NOSIGNAL, and its reply is a tree of pointers.
#ifndef HUBBUB_CHIREDIS_H
#define HUBBUB_CHIREDIS_H

#if !__has_include(<hiredis/hiredis.h>)
#error "The headers of hiredis are missing. Install them with: apt-get install libhiredis-dev"
#else

#include <stddef.h>
#include <stdint.h>

/// A connection. One thread at a time may use it.
typedef struct chiredis_connection chiredis_connection;
typedef struct chiredis_reply chiredis_reply;

typedef enum __attribute__((enum_extensibility(closed))) {
    /// `bytes` and `count`.
    chiredis_kind_string,
    chiredis_kind_status,
    chiredis_kind_error,
    chiredis_kind_integer,
    chiredis_kind_null,
    /// `count` elements.
    chiredis_kind_array,
    /// Something that this version of the protocol doesn't have.
    chiredis_kind_unknown,
} chiredis_kind;

/// One node of a reply. Its bytes belong to the reply.
typedef struct {
    chiredis_kind kind;
    int64_t integer;
    const uint8_t *_Nullable bytes;
    size_t count;
} chiredis_value;

/// Starts to connect to a numeric address, or to a local socket. NULL if there is no memory.
chiredis_connection *_Nullable chiredis_connect(const char *_Nonnull address, uint16_t port);
chiredis_connection *_Nullable chiredis_connect_local(const char *_Nonnull path);
/// Why the connection can't be used, or NULL. It is valid until the next call with it.
const char *_Nullable chiredis_problem(chiredis_connection *_Nonnull connection);
int chiredis_descriptor(chiredis_connection *_Nonnull connection);
/// Returns 0 once the connection is there, else -errno. Call it when the descriptor is writable.
int chiredis_connected(chiredis_connection *_Nonnull connection);
/// Sends as much as the kernel takes, and returns the number of bytes, or -errno.
long chiredis_send(
    chiredis_connection *_Nonnull connection, const uint8_t *_Nonnull bytes, size_t count);
/// Receives what is there, at most 64 KiB, for the next replies. Returns the number of bytes, 0 if
/// the peer has closed, or -errno.
long chiredis_receive(chiredis_connection *_Nonnull connection);
/// The next complete reply, which must be freed. NULL if there is none, or if there is a problem.
chiredis_reply *_Nullable chiredis_next(chiredis_connection *_Nonnull connection);
chiredis_value chiredis_look(const chiredis_reply *_Nonnull reply);
/// `index` must be below the array's count.
const chiredis_reply *_Nonnull chiredis_element(
    const chiredis_reply *_Nonnull reply, size_t index);
void chiredis_free(chiredis_reply *_Nonnull reply);
/// Closes and frees the connection.
void chiredis_close(chiredis_connection *_Nonnull connection);

#endif
#endif
