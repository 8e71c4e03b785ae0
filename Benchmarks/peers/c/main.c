/* The tutorial's work in C: a pool of threads, each with a libfcgi request and a curl handle of its own, as libfcgi's
   examples/threaded.c has it. THREADS says how many. */
#define _GNU_SOURCE
#include <ctype.h>
#include <curl/curl.h>
#include <fcgiapp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY = 4096, FIELD = 256 };

static const char *api, *brand;
static char account[FIELD];
static int listener;

struct text {
  size_t length;
  char bytes[BODY];
};

static size_t append(char *part, size_t size, size_t count, void *context) {
  struct text *text = context;
  size_t length = size * count;
  if (text->length + length >= sizeof text->bytes) return 0;
  memcpy(text->bytes + text->length, part, length);
  text->length += length;
  text->bytes[text->length] = 0;
  return length;
}

/* Asks the API. Returns 0 when it has answered with HTTP 200. */
static int ask(CURL *curl, const char *path, const char *form, struct text *answer) {
  char url[FIELD];
  long status = 0;
  snprintf(url, sizeof url, "%s%s", api, path);
  answer->length = 0;
  answer->bytes[0] = 0;
  curl_easy_setopt(curl, CURLOPT_URL, url);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
  if (curl_easy_perform(curl) != CURLE_OK) return -1;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return status == 200 ? 0 : -1;
}

/* The text of a member of a flat JSON object. Returns -1 when it is missing or too long. */
static int member(const char *json, const char *name, char value[FIELD]) {
  char quoted[64];
  snprintf(quoted, sizeof quoted, "\"%s\"", name);
  const char *at = strstr(json, quoted);
  if (!at) return -1;
  at += strlen(quoted);
  at += strspn(at, " :");
  if (*at++ != '"') return -1;
  size_t length = strcspn(at, "\"");
  if (length >= FIELD || !at[length]) return -1;
  memcpy(value, at, length);
  value[length] = 0;
  return 0;
}

/* A field of a form (application/x-www-form-urlencoded). Returns -1 when it is missing or too long. */
static int field(const char *form, const char *name, char value[FIELD]) {
  size_t length = strlen(name);
  for (const char *at = form; at && *at; at = strchr(at, '&') ? strchr(at, '&') + 1 : NULL) {
    if (strncmp(at, name, length) || at[length] != '=') continue;
    size_t count = 0;
    for (at += length + 1; *at && *at != '&'; at++) {
      if (count == FIELD - 1) return -1;
      unsigned byte;
      if (*at == '%' && isxdigit((unsigned char)at[1]) && isxdigit((unsigned char)at[2])) {
        sscanf(at + 1, "%2x", &byte);
        value[count++] = (char)byte;
        at += 2;
      } else {
        value[count++] = *at == '+' ? ' ' : *at;
      }
    }
    value[count] = 0;
    return 0;
  }
  return -1;
}

static int is_made_of(const char *text, const char *set, size_t least, size_t most) {
  size_t length = strlen(text);
  return length >= least && length <= most && strspn(text, set) == length;
}

static void escape(const char *text, char *out, size_t size) {
  size_t count = 0;
  for (; *text && count + 7 < size; text++) {
    const char *entity = *text == '<'   ? "&lt;"
                         : *text == '>' ? "&gt;"
                         : *text == '&' ? "&amp;"
                         : *text == '"' ? "&quot;"
                         : *text == '\'' ? "&#39;"
                                         : NULL;
    if (entity) {
      count = (size_t)(stpcpy(out + count, entity) - out);
    } else {
      out[count++] = *text;
    }
  }
  out[count] = 0;
}

static void page(FCGX_Request *request, const char *status, const char *title, const char *content) {
  FCGX_FPrintF(request->out,
               "Status: %s\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
               "<!doctype html>\n<html lang=\"en\">\n"
               "<head><meta charset=\"utf-8\"><title>%s</title><link rel=\"stylesheet\" href=\"style.css\"></head>\n"
               "<body>\n<h1>%s</h1>\n%s</body>\n</html>\n",
               status, title, title, content);
}

static void begin(FCGX_Request *request, CURL *curl, const char *form) {
  char number[FIELD], status[FIELD], id[FIELD], safe[2][2 * FIELD], content[BODY];
  struct text answer;
  if (field(form, "number", number) || !is_made_of(number, "0123456789", 7, 15)) {
    page(request, "422 Unprocessable Content", "Not a phone number.", "");
    return;
  }
  char *name = curl_easy_escape(curl, brand, 0);
  snprintf(content, sizeof content, "number=%s&brand=%s", number, name ? name : "");
  curl_free(name);
  if (ask(curl, "/verify/json", content, &answer) || member(answer.bytes, "status", status) || strcmp(status, "0") ||
      member(answer.bytes, "request_id", id)) {
    page(request, "502 Bad Gateway", "No message was sent.", "");
    return;
  }
  escape(number, safe[0], sizeof safe[0]);
  escape(id, safe[1], sizeof safe[1]);
  snprintf(content, sizeof content,
           "<p>We sent a message with a PIN to <strong>%s</strong>.</p>\n"
           "<form method=\"post\" action=\"verify\">\n"
           "<input type=\"hidden\" name=\"requestId\" value=\"%s\">\n"
           "<label>PIN <input type=\"text\" name=\"pin\" inputmode=\"numeric\" autocomplete=\"one-time-code\"></label>\n"
           "<button type=\"submit\">Verify</button>\n</form>\n",
           safe[0], safe[1]);
  page(request, "200 OK", "Enter your PIN", content);
}

static void check(FCGX_Request *request, CURL *curl, const char *form) {
  char pin[FIELD], id[FIELD], status[FIELD], content[BODY];
  struct text answer;
  if (field(form, "pin", pin) || !is_made_of(pin, "0123456789", 4, 10) || field(form, "requestId", id) ||
      !is_made_of(id, "0123456789abcdef", 32, 32)) {
    page(request, "422 Unprocessable Content", "Not a PIN.", "");
    return;
  }
  snprintf(content, sizeof content, "request_id=%s&code=%s", id, pin);
  if (ask(curl, "/verify/check/json", content, &answer) || member(answer.bytes, "status", status)) {
    page(request, "502 Bad Gateway", "Not available right now.", "");
  } else if (strcmp(status, "0")) {
    page(request, "422 Unprocessable Content", "Wrong PIN.", "");
  } else {
    page(request, "200 OK", "Account verified!", "");
  }
}

static void *serve(void *context) {
  (void)context;
  FCGX_Request request;
  CURL *curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_USERPWD, account);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  FCGX_InitRequest(&request, listener, 0);
  while (FCGX_Accept_r(&request) == 0) {
    char form[BODY];
    int length = FCGX_GetStr(form, sizeof form - 1, request.in);
    form[length < 0 ? 0 : length] = 0;
    const char *path = FCGX_GetParam("SCRIPT_NAME", request.envp);
    if (path && !strcmp(path, "/register")) {
      begin(&request, curl, form);
    } else if (path && !strcmp(path, "/verify")) {
      check(&request, curl, form);
    } else {
      page(&request, "404 Not Found", "Not found.", "");
    }
    FCGX_Finish_r(&request);
  }
  return NULL;
}

int main(void) {
  int threads = atoi(getenv("THREADS"));
  api = getenv("VONAGE_API_URL");
  brand = getenv("VONAGE_BRAND_NAME");
  snprintf(account, sizeof account, "%s:%s", getenv("VONAGE_API_KEY"), getenv("VONAGE_API_SECRET"));
  curl_global_init(CURL_GLOBAL_ALL);
  FCGX_Init();
  listener = FCGX_OpenSocket(getenv("SOCKET"), 4096);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 256 * 1024);
  for (int i = 1; i < threads; i++) {
    pthread_t thread;
    if (pthread_create(&thread, &small, serve, NULL)) return 1;
  }
  serve(NULL);
  return 0;
}
