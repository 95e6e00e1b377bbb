/* Times the published engine: engine MODEL TIMES TEXT prints nanoseconds for each embedding of TEXT
   as a question. bench_test.go builds it together with the e5.c of the published package. */
#define _POSIX_C_SOURCE 199309L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "e5.h"

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  e5_model *m = e5_load(argv[1]);
  if (!m) return 1;
  float *out = malloc(sizeof(float) * (size_t)e5_dim(m));
  for (int i = 0, n = atoi(argv[2]); i < n; i++) {
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    if (e5_embed(m, argv[3], 1, out)) return 1;
    clock_gettime(CLOCK_MONOTONIC, &b);
    printf("%lld\n", (long long)(b.tv_sec - a.tv_sec) * 1000000000LL + (b.tv_nsec - a.tv_nsec));
  }
  return 0;
}
