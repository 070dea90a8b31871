/// Where the process's memory comes from.
#include <malloc.h>

#include "CKernels.h"

/// Threads that may allocate at once without waiting for each other.
enum { HEAPS = 2 };
/// Bytes from which on a piece is mapped by itself, and given back when it is freed.
enum { MAPPED = 1 << 20 };

void ck_keep_memory_flat(void) {
    mallopt(M_ARENA_MAX, HEAPS);
    mallopt(M_MMAP_THRESHOLD, MAPPED);
}
