/* The least that can answer nginx whether a request may pass: a constant, by a pool of threads, as libfcgi's
   examples/threaded.c has it. It looks at nothing. THREADS says how many there are. */
#include <fcgiapp.h>
#include <pthread.h>
#include <stdlib.h>

static int listener;

static void *serve(void *context) {
  (void)context;
  FCGX_Request request;
  FCGX_InitRequest(&request, listener, 0);
  while (FCGX_Accept_r(&request) == 0) {
    FCGX_PutS("Status: 204 No Content\r\nCache-Control: no-store\r\nX-PinGate-Subject: Jw1q0kd8x2mZp4Tn\r\n"
              "X-PinGate-Verified-At: 1795558295\r\n\r\n",
              request.out);
    FCGX_Finish_r(&request);
  }
  return NULL;
}

int main(void) {
  int threads = atoi(getenv("THREADS"));
  FCGX_Init();
  listener = FCGX_OpenSocket(getenv("SOCKET"), 4096);
  for (int i = 1; i < threads; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, serve, NULL)) return 1;
  }
  serve(NULL);
  return 0;
}
