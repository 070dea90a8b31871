/// Every kernel for AVX2.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>

#include "../blocks.h"
#include "../constants.h"
#include "../kernels.h"
#include "../superblocks.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "vec_avx2.h"
#include "all.h"
#pragma clang attribute pop

#endif
