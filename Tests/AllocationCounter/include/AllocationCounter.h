#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stddef.h>

/// Smaller pieces of memory are not counted.
enum { LEAST_ALLOCATION = 256 };

/// How many pieces of memory the calling thread has asked for so far, and how many bytes they had.
typedef struct { size_t count, bytes; } allocation_total;

allocation_total allocations_of_thread(void);

/// Whether anything is counted: not where a sanitizer watches memory.
bool allocations_are_counted(void);

#endif
