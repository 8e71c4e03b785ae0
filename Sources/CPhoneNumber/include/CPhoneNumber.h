#ifndef PINGATE_CPHONENUMBER_H
#define PINGATE_CPHONENUMBER_H

// The only door to libphonenumber (C++): it passes only values, and no exception crosses it. Every function may be
// called from any thread, except pingate_phone_use_excerpts and, while excerpts are used, all others: these are for one
// thread. The first call of almost any of them loads the library's metadata.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Tells Swift that an enumeration has no other cases, so that switches are checked for completeness.
#ifdef __clang__
#define PINGATE_CLOSED __attribute__((enum_extensibility(closed)))
#else
#define PINGATE_CLOSED
#endif

#ifdef __cplusplus
extern "C" {
#endif

// libphonenumber's result for a text. The order of the cases is not part of the contract.
typedef enum PINGATE_CLOSED {
  PingatePhoneVerdictValid,
  // The library threw: it ran out of memory, or it has a bug.
  PingatePhoneVerdictFailed,
  // PhoneNumberUtil::ErrorType
  PingatePhoneVerdictNotANumber,
  PingatePhoneVerdictUnknownCallingCode,
  // PhoneNumberUtil::ErrorType or ValidationResult
  PingatePhoneVerdictTooShort,
  PingatePhoneVerdictTooLong,
  PingatePhoneVerdictLocalOnly,
  PingatePhoneVerdictWrongLength,
  // The length is possible, but IsValidNumber says no.
  PingatePhoneVerdictInvalid,
} PingatePhoneVerdict;

// PhoneNumberUtil::PhoneNumberType
typedef enum PINGATE_CLOSED {
  PingatePhoneKindFixedLine,
  PingatePhoneKindMobile,
  PingatePhoneKindFixedLineOrMobile,
  PingatePhoneKindTollFree,
  PingatePhoneKindPremiumRate,
  PingatePhoneKindSharedCost,
  PingatePhoneKindVoip,
  PingatePhoneKindPersonalNumber,
  PingatePhoneKindPager,
  PingatePhoneKindUan,
  PingatePhoneKindVoicemail,
  PingatePhoneKindUnknown,
} PingatePhoneKind;

typedef struct {
  PingatePhoneVerdict verdict;
  // The other fields are meaningful only if the verdict is Valid.
  PingatePhoneKind kind;
  // The digits of the E.164 form as a number; 0 if there are more than 15. No calling code begins with 0.
  uint64_t e164;
  // The region the number belongs to, two ASCII letters; "00" if it belongs to none (calling codes such as +800).
  char region[2];
} PingatePhoneReading;

// The release that the numbering plan is from, such as "9.0.43": a static, NUL-terminated string. Nothing is loaded for
// this.
const char *pingate_phone_metadata_version(void);

// Loads the library's metadata unless it is loaded, and returns once it is: that takes some milliseconds.
void pingate_phone_prepare(void);

// For a process of one thread that reads one number or a few: until `pingate_phone_prepare`, the library is given only as
// much of its metadata as the first number needs, and all of it when it is asked for others. The answers are the same.
// Calling it again starts anew, for tests.
void pingate_phone_use_excerpts(void);

// How many regions the library has been given for what it was asked last, for tests; 0 if excerpts are used and it was asked
// nothing yet.
size_t pingate_phone_count_of_loaded_regions(void);

// Parses `text` (ASCII digits, optionally with a leading '+') as dialed by somebody in `region`: in national form, with
// the region's own international prefix, or with '+'. Both are NUL-terminated.
PingatePhoneReading pingate_phone_read(const char *text, const char *region);

// Whether an E.164 number is valid in this region. Regions with a common calling code may share ranges.
bool pingate_phone_is_valid_in(uint64_t e164, const char *region);

// Writes the international form of an E.164 number ("+1 202-555-0143") to `buffer`, NUL-terminated. Returns its length;
// 0 if the number cannot be read or the form does not fit.
size_t pingate_phone_format(uint64_t e164, char *buffer, size_t capacity);

// The calling code of a region ("US": 1), or 0 if the library does not know it.
int pingate_phone_calling_code(const char *region);

// Writes the regions that the library knows, two letters each without separators, NUL-terminated. Returns the length; 0
// if they do not fit.
size_t pingate_phone_regions(char *buffer, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
