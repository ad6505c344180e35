// A kernel that does almost nothing, loaded before the daemon's C library (LD_PRELOAD). The daemon
// runs unchanged, and each of its socket calls is answered from memory, so that its cost is all its
// own. Time passes only through `pass`. A scenario plays the clients.
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { MOST_CONNECTIONS = 1 << 21 };

// A client and the server's end of its connection.
typedef struct {
    uint64_t token;
    // Bytes that the client has sent and the server hasn't read. They belong to the scenario.
    const uint8_t *input;
    uint32_t length;
    // Text frames and pings that the client has received.
    uint32_t texts;
    uint32_t pings;
    // The server's interest, as epoll's events.
    uint32_t interest;
    bool isQueued;
    bool isOpen;
    // It reads an event stream. Its texts are the lines.
    bool isStream;
} connection;

// Connections are in shared memory, so that the process's private memory is the daemon's.
extern connection *connections;
extern uint32_t connection_count;
// Handshakes, texts and answers to requests that clients still expect. Until then the scenario isn't called.
extern int64_t awaited;

// Lets this many clients connect.
void arrive(uint32_t count);
// Lets a client send bytes, which must stay in place until the server has read them.
void say(uint32_t number, const void *bytes, uint32_t length);
// Lets this much time pass.
void pass(uint64_t nanoseconds);
uint64_t elapsed(void);
// CPU time of the calling thread, in nanoseconds.
uint64_t processor_time(void);
// Ends the process with a message and failure.
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
// Ends the process with success.
_Noreturn void finish(void);

// Implemented by the scenario.

// The server has done all its work and would wait at most this many milliseconds (-1: forever).
// Unless something is sent or arrives now, it wakes without events.
void settled(int milliseconds);
// A client has received a ping.
void pinged(uint32_t number);

// Writes a client's masked text frame of at most 65535 bytes, and returns its length.
uint32_t text_frame(uint8_t *out, const char *text, uint32_t length);
// The answer to an empty ping.
extern const uint8_t pong_frame[6];
