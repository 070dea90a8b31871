/// Every kernel for AVX-512 with VNNI.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>

#include "../blocks.h"
#include "../constants.h"
#include "../kernels.h"
#include "../superblocks.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,fma,f16c,avx2"))), apply_to = function)
#include "vec_avx512.h"
#include "all.h"
#pragma clang attribute pop

#endif
