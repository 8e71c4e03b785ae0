#include "CGlibc.h"

#include <stddef.h>

// Swift's own `CommandLine.arguments` searches the stack for them, whose place is in /proc, and has none where that is not
// mounted.

static char *const none[] = {NULL};
static char *const *arguments = none;

// glibc hands to constructors what it hands to main.
__attribute__((constructor)) static void keep(int count, char **words) {
  if (count > 0) arguments = words;
}

char *const *pingate_arguments(void) {
  return arguments;
}
