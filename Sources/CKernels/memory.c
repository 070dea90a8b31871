/// Where the process's memory comes from, and where it goes.
#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "CKernels.h"

/// Threads that may allocate at once without waiting for each other.
enum { HEAPS = 2 };
/// Bytes from which on a piece is mapped by itself, and given back when it is freed. Mapping a layer's state, too, would let
/// each copy of the states wait for new pages.
enum { MAPPED = 1 << 20 };
/// Bytes that the process may grow by before what was freed is given back.
enum { GROWTH = 32 << 20 };

void ck_keep_memory_flat(void) {
    mallopt(M_ARENA_MAX, HEAPS);
    mallopt(M_MMAP_THRESHOLD, MAPPED);
}

/// Bytes of the process in memory, of proc(5)'s statm; 0 if they can't be told.
static long resident(void) {
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) return 0;
    long size = 0, pages = 0;
    if (fscanf(file, "%ld %ld", &size, &pages) != 2) pages = 0;
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

void ck_give_back_memory(void) {
    // What was in memory when it was given back last.
    static atomic_long least;
    const long now = resident();
    if (now > least + GROWTH) {
        malloc_trim(0);
        least = resident();
    } else if (now < least) {
        least = now;
    }
}
