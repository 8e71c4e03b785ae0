#ifndef PINGATE_CCURL_SHIM_H
#define PINGATE_CCURL_SHIM_H

// The type checks are macros for C callers; the functions below are the checks for Swift.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
// What libcurl's sockets are watched with; Swift's Glibc module leaves them out.
#include <sys/epoll.h>
#include <sys/eventfd.h>

// CURLU_PUNYCODE needs 7.88. Since 7.85, "localhost" and names that end in ".localhost" are never looked up in the DNS.
#if LIBCURL_VERSION_NUM < 0x075800
#error "PinGate needs libcurl 7.88 or newer"
#endif

// Swift cannot call variadic functions: one function for each type of argument.

static inline CURLcode pingate_easy_set_long(CURL *easy, CURLoption option, long value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode pingate_easy_set_text(CURL *easy, CURLoption option, const char *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode pingate_easy_set_pointer(CURL *easy, CURLoption option, void *value) {
  return curl_easy_setopt(easy, option, value);
}

static inline CURLcode pingate_easy_set_list(CURL *easy, CURLoption option, struct curl_slist *list) {
  return curl_easy_setopt(easy, option, list);
}

static inline CURLcode pingate_easy_set_writer(CURL *easy, CURLoption option, curl_write_callback writer) {
  return curl_easy_setopt(easy, option, writer);
}

static inline CURLcode pingate_easy_set_prerequest(CURL *easy, curl_prereq_callback callback) {
  return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}

static inline CURLcode pingate_easy_get_long(CURL *easy, CURLINFO info, long *value) {
  return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode pingate_easy_get_private(CURL *easy, void **value) {
  return curl_easy_getinfo(easy, CURLINFO_PRIVATE, value);
}

static inline CURLMcode pingate_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode pingate_multi_set_socket_function(CURLM *multi, curl_socket_callback callback, void *user) {
  CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, user);
  return code ? code : curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
}

static inline CURLMcode pingate_multi_set_timer_function(CURLM *multi, curl_multi_timer_callback callback, void *user) {
  CURLMcode code = curl_multi_setopt(multi, CURLMOPT_TIMERDATA, user);
  return code ? code : curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
}

static inline CURLSHcode pingate_share_add(CURLSH *share, curl_lock_data what) {
  return curl_share_setopt(share, CURLSHOPT_SHARE, what);
}

// A union member, and a macro with a cast: Swift imports neither.

static inline CURLcode pingate_message_result(const CURLMsg *message) {
  return message->data.result;
}

static const long pingate_auth_basic = (long)CURLAUTH_BASIC;

#endif
