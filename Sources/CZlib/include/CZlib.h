// The part of zlib that Hubbub needs: raw DEFLATE (RFC 1951). It is in C because zlib's macros
// don't import and its stream must not move.
#ifndef HUBBUB_CZLIB_H
#define HUBBUB_CZLIB_H

#if !__has_include(<zlib.h>)
#error "The headers of zlib are missing. Install them with: apt-get install zlib1g-dev"
#else

#include <stddef.h>
#include <stdint.h>

/// A compressor or a decompressor. It allocates all its memory when it is opened.
typedef struct czlib_stream czlib_stream;

/// Where a stream stands after a run.
typedef enum __attribute__((enum_extensibility(closed))) {
    /// Inside a block. A compressor is always reported to be here.
    czlib_place_inside_block,
    /// At the end of a block, on a byte boundary.
    czlib_place_between_blocks,
    /// At the end of a final block. The next byte starts another stream with the same window.
    czlib_place_after_final_block,
    /// At data that isn't DEFLATE. Only a reset or a close helps.
    czlib_place_corrupt,
} czlib_place;

/// The result of a run.
typedef struct {
    size_t consumed;
    size_t produced;
    czlib_place place;
} czlib_progress;

/// Opens a decompressor with a window of 8 to 15 bits. NULL if there is no memory.
czlib_stream *_Nullable czlib_open_inflate(int window_bits);

/// Opens a compressor whose matches stay within a window of 8 to 15 bits. The level is 0 to 9, the
/// memory level 1 to 9. NULL if there is no memory.
czlib_stream *_Nullable czlib_open_deflate(int window_bits, int level, int memory_level);

/// Forgets everything the stream has seen.
void czlib_reset(czlib_stream *_Nonnull stream);

/// Gives a decompressor these bytes as earlier data, which later data may refer to. It must have
/// just been opened or reset.
void czlib_begin_behind(
    czlib_stream *_Nonnull stream, const uint8_t *_Nullable bytes, size_t count);

void czlib_close(czlib_stream *_Nonnull stream);

/// Runs until the input is used up or the output is full. A compressor ends its output with a sync
/// flush. The flush is complete if room is left over.
czlib_progress czlib_run(
    czlib_stream *_Nonnull stream, const uint8_t *_Nullable input, size_t input_count,
    uint8_t *_Nonnull output, size_t output_count);

#endif
#endif
