#ifndef PINGATE_CFUZZER_H
#define PINGATE_CFUZZER_H

// libFuzzer as a library (compiler-rt, FuzzerInterface): it reads its options from the arguments, and does not return before it
// has had enough.
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*target)(const uint8_t *data, size_t size));

#endif
