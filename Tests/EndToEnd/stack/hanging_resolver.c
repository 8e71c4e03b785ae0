// Preloaded: a resolver that never answers, as when no name server can be reached.
#include <unistd.h>

int getaddrinfo(const char *node, const char *service, const void *hints, void **found) {
  for (;;)
    pause();
}
