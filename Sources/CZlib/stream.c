#include "CZlib.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

struct czlib_stream {
    z_stream zlib;
    int deflates;
};

static czlib_stream *open_stream(int deflates) {
    czlib_stream *stream = calloc(1, sizeof *stream);
    if (stream) stream->deflates = deflates;
    return stream;
}

czlib_stream *czlib_open_inflate(int window_bits) {
    czlib_stream *stream = open_stream(0);
    if (!stream) return NULL;
    if (inflateInit2(&stream->zlib, -window_bits) != Z_OK) {
        free(stream);
        return NULL;
    }
    // An empty dictionary makes zlib allocate the window now instead of during a message.
    if (inflateSetDictionary(&stream->zlib, (const Bytef *)"", 0) != Z_OK) {
        czlib_close(stream);
        return NULL;
    }
    return stream;
}

czlib_stream *czlib_open_deflate(int window_bits, int level, int memory_level) {
    czlib_stream *stream = open_stream(1);
    if (!stream) return NULL;
    // zlib has no raw compressor with a window of 256 bytes. The one with 512 bytes serves: zlib
    // finds no match further back than its window less 262 bytes (MIN_LOOKAHEAD), here 250.
    int bits = window_bits == 8 ? 9 : window_bits;
    int result = deflateInit2(
        &stream->zlib, level, Z_DEFLATED, -bits, memory_level, Z_DEFAULT_STRATEGY);
    if (result != Z_OK) {
        free(stream);
        return NULL;
    }
    return stream;
}

void czlib_reset(czlib_stream *stream) {
    if (stream->deflates) {
        deflateReset(&stream->zlib);
    } else {
        inflateReset(&stream->zlib);
    }
}

void czlib_begin_behind(czlib_stream *stream, const uint8_t *bytes, size_t count) {
    // This can't fail, because the window was allocated when the stream was opened. If there are
    // more bytes than the window holds, the last ones count.
    if (count > 0) inflateSetDictionary(&stream->zlib, bytes, (uInt)count);
}

void czlib_close(czlib_stream *stream) {
    if (stream->deflates) {
        deflateEnd(&stream->zlib);
    } else {
        inflateEnd(&stream->zlib);
    }
    free(stream);
}

static czlib_place inflate_place(z_stream *zlib, int result) {
    switch (result) {
    case Z_OK:
    case Z_BUF_ERROR:
        // 128 marks the end of a block. The low bits count the unused bits of the last byte.
        return zlib->data_type == 128 ? czlib_place_between_blocks : czlib_place_inside_block;
    case Z_STREAM_END:
        // Keep the window: it lives on from message to message (RFC 7692 §7.2.3.4).
        inflateResetKeep(zlib);
        return czlib_place_after_final_block;
    default:
        return czlib_place_corrupt;
    }
}

czlib_progress czlib_run(
    czlib_stream *stream, const uint8_t *input, size_t input_count, uint8_t *output,
    size_t output_count) {
    z_stream *zlib = &stream->zlib;
    uInt offered = input_count < UINT_MAX ? (uInt)input_count : UINT_MAX;
    uInt room = output_count < UINT_MAX ? (uInt)output_count : UINT_MAX;
    zlib->next_in = (z_const Bytef *)input;
    zlib->avail_in = offered;
    zlib->next_out = output;
    zlib->avail_out = room;
    czlib_place place = czlib_place_inside_block;
    if (stream->deflates) {
        deflate(zlib, Z_SYNC_FLUSH);
    } else {
        place = inflate_place(zlib, inflate(zlib, Z_SYNC_FLUSH));
    }
    return (czlib_progress){offered - zlib->avail_in, room - zlib->avail_out, place};
}
