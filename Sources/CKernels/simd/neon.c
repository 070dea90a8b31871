/// Every kernel for NEON with the dot product of bytes.
#if defined(__aarch64__)
#include <arm_neon.h>
#include <math.h>

#include "../blocks.h"
#include "../constants.h"
#include "../kernels.h"
#include "../superblocks.h"

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#include "vec_neon.h"
#include "all.h"
#pragma clang attribute pop

#endif
