// A kernel that does next to nothing, to be loaded before the daemon's C library (LD_PRELOAD): the
// daemon runs as it is, and each socket call that it makes is answered from memory. What it spends
// is then all its own. Time stands still but for `pass`. A scenario plays the clients.
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { MOST_CONNECTIONS = 1 << 21 };

// A client, and the server's end of its connection.
typedef struct {
    uint64_t token;
    // What the client has sent and the server not yet read. Its bytes belong to the scenario.
    const uint8_t *input;
    uint32_t length;
    // Text frames and pings that the client has got.
    uint32_t texts;
    uint32_t pings;
    // What the server waits for, as epoll's events.
    uint32_t interest;
    bool isQueued;
    bool isOpen;
} connection;

// They stand in memory that is shared, so that the process's private memory is the daemon's.
extern connection *connections;
extern uint32_t connection_count;
// Handshakes and texts that clients are still to get; until then the scenario isn't asked.
extern int64_t awaited;

// So many clients connect.
void arrive(uint32_t count);
// A client sends bytes, which stay where they are until the server has read them.
void say(uint32_t number, const void *bytes, uint32_t length);
// So much time passes.
void pass(uint64_t nanoseconds);
uint64_t elapsed(void);
// CPU time of the calling thread, in nanoseconds.
uint64_t processor_time(void);
// Ends the process with a message, as a failure.
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
// Ends the process with success.
_Noreturn void finish(void);

// The scenario's part.

// The server has done all that was to be done and would wait, so many milliseconds at most, -1: for
// ever. Unless something is sent or arrives now, it wakes with nothing.
void settled(int milliseconds);
// A client has got a ping.
void pinged(uint32_t number);

// A client's masked frame with a text of at most 65535 bytes; returns its length.
uint32_t text_frame(uint8_t *out, const char *text, uint32_t length);
// The answer to an empty ping.
extern const uint8_t pong_frame[6];
