#ifndef PINGATE_CPHONENUMBER_H
#define PINGATE_CPHONENUMBER_H

// The only door to libphonenumber (C++): values in, values out, and no exception crosses it.
// Every function may be called from any thread. The first call of nearly any of them loads the library's metadata.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Swift sees an enumeration without further cases, and checks that each is dealt with.
#ifdef __clang__
#define PINGATE_CLOSED __attribute__((enum_extensibility(closed)))
#else
#define PINGATE_CLOSED
#endif

#ifdef __cplusplus
extern "C" {
#endif

// What libphonenumber makes of a text. The order is no part of the contract.
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
  // The rest means something only when the verdict is Valid.
  PingatePhoneKind kind;
  // The digits of the E.164 form as one number; 0 if there are more than 15. No calling code begins with 0.
  uint64_t e164;
  // The region the number belongs to, two ASCII letters; "00" if it belongs to none (calling codes such as +800).
  char region[2];
} PingatePhoneReading;

// The release that the numbering plan is from, like "9.0.43": static, and ended with NUL. It loads nothing.
const char *pingate_phone_metadata_version(void);

// Loads the library's metadata if no function has yet, and returns when it is there: some milliseconds.
void pingate_phone_prepare(void);

// For a process of one thread that reads one number or a few: until `pingate_phone_prepare`, the library is given as much of
// its metadata as the number needs that is read first, and all of them if it is asked for others. What it answers is the
// same. Called again, it begins anew.
void pingate_phone_use_excerpts(void);

// Reads `text` (ASCII digits, with a leading '+' or not) as somebody in `region` means it who dials it: national form,
// the region's own international prefix, or '+'. Both end with NUL.
PingatePhoneReading pingate_phone_read(const char *text, const char *region);

// Whether an E.164 number is a valid one of this region. Regions with a common calling code may have ranges in common.
bool pingate_phone_is_valid_in(uint64_t e164, const char *region);

// Writes the international form of an E.164 number ("+1 202-555-0143") to `buffer`, ended with NUL.
// Returns its length, or 0 if the number cannot be read or the form does not fit.
size_t pingate_phone_format(uint64_t e164, char *buffer, size_t capacity);

// The calling code of a region ("US": 1), or 0 if the library does not know it.
int pingate_phone_calling_code(const char *region);

// Writes the regions that the library knows, two letters each and without separators, ended with NUL.
// Returns the length, or 0 if they do not fit.
size_t pingate_phone_regions(char *buffer, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
