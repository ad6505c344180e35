#include "CHiredis.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <sys/socket.h>

// A connection is hiredis' context. Its buffer of output stays empty.
static redisContext *context(chiredis_connection *connection) {
    return (redisContext *)connection;
}

static const redisReply *tree(const chiredis_reply *reply) { return (const redisReply *)reply; }

chiredis_connection *chiredis_connect(const char *address, uint16_t port) {
    return (chiredis_connection *)redisConnectNonBlock(address, port);
}

chiredis_connection *chiredis_connect_local(const char *path) {
    return (chiredis_connection *)redisConnectUnixNonBlock(path);
}

const char *chiredis_problem(chiredis_connection *connection) {
    return context(connection)->err ? context(connection)->errstr : NULL;
}

int chiredis_descriptor(chiredis_connection *connection) { return context(connection)->fd; }

int chiredis_connected(chiredis_connection *connection) {
    int error = 0;
    socklen_t length = sizeof error;
    if (getsockopt(context(connection)->fd, SOL_SOCKET, SO_ERROR, &error, &length) < 0)
        return -errno;
    return -error;
}

long chiredis_send(chiredis_connection *connection, const uint8_t *bytes, size_t count) {
    ssize_t sent = send(context(connection)->fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? -errno : sent;
}

long chiredis_receive(chiredis_connection *connection) {
    char bytes[1 << 16];
    ssize_t received = recv(context(connection)->fd, bytes, sizeof bytes, MSG_DONTWAIT);
    if (received < 0) return -errno;
    // If it fails, the reader tells why when it is asked for a reply.
    if (received > 0) redisReaderFeed(context(connection)->reader, bytes, (size_t)received);
    return received;
}

chiredis_reply *chiredis_next(chiredis_connection *connection) {
    void *reply = NULL;
    if (redisGetReplyFromReader(context(connection), &reply) != REDIS_OK) return NULL;
    return reply;
}

chiredis_value chiredis_look(const chiredis_reply *reply) {
    const redisReply *node = tree(reply);
    chiredis_value value = {.kind = chiredis_kind_unknown, .integer = node->integer};
    value.bytes = (const uint8_t *)node->str;
    value.count = node->len;
    switch (node->type) {
    case REDIS_REPLY_STRING: value.kind = chiredis_kind_string; break;
    case REDIS_REPLY_STATUS: value.kind = chiredis_kind_status; break;
    case REDIS_REPLY_ERROR: value.kind = chiredis_kind_error; break;
    case REDIS_REPLY_INTEGER: value.kind = chiredis_kind_integer; break;
    case REDIS_REPLY_NIL: value.kind = chiredis_kind_null; break;
    case REDIS_REPLY_ARRAY:
        value.kind = chiredis_kind_array;
        value.count = node->elements;
        break;
    }
    return value;
}

const chiredis_reply *chiredis_element(const chiredis_reply *reply, size_t index) {
    return (const chiredis_reply *)tree(reply)->element[index];
}

void chiredis_free(chiredis_reply *reply) { freeReplyObject(reply); }

void chiredis_close(chiredis_connection *connection) { redisFree(context(connection)); }
