#include "CGlibc.h"

#include <stddef.h>

// Swift's own `CommandLine.arguments` finds them through /proc, and is empty if that is not mounted.

static char *const none[] = {NULL};
static char *const *arguments = none;

// glibc passes main's arguments to constructors, too.
__attribute__((constructor)) static void keep(int count, char **words) {
  if (count > 0) arguments = words;
}

char *const *pingate_arguments(void) {
  return arguments;
}
