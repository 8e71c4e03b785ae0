#include "CPhoneNumber.h"

#include "NumberingPlan.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>
#include <string>

#include <phonenumbers/phonenumberutil.h>

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;
using pingate::NumberingPlan;

namespace {

// The region of a number with a leading '+': "unknown" in CLDR, so the parser has no default region.
const char *const kNoRegion = "ZZ";

PingatePhoneVerdict verdict(PhoneNumberUtil::ErrorType error) {
  switch (error) {
  case PhoneNumberUtil::NO_PARSING_ERROR:
    return PingatePhoneVerdictValid;
  case PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR:
    return PingatePhoneVerdictUnknownCallingCode;
  case PhoneNumberUtil::NOT_A_NUMBER:
    return PingatePhoneVerdictNotANumber;
  case PhoneNumberUtil::TOO_SHORT_AFTER_IDD:
  case PhoneNumberUtil::TOO_SHORT_NSN:
    return PingatePhoneVerdictTooShort;
  case PhoneNumberUtil::TOO_LONG_NSN:
    return PingatePhoneVerdictTooLong;
  }
  return PingatePhoneVerdictFailed;
}

PingatePhoneVerdict verdict(PhoneNumberUtil::ValidationResult result) {
  switch (result) {
  case PhoneNumberUtil::IS_POSSIBLE:
    return PingatePhoneVerdictValid;
  case PhoneNumberUtil::IS_POSSIBLE_LOCAL_ONLY:
    return PingatePhoneVerdictLocalOnly;
  case PhoneNumberUtil::INVALID_COUNTRY_CODE:
    return PingatePhoneVerdictUnknownCallingCode;
  case PhoneNumberUtil::TOO_SHORT:
    return PingatePhoneVerdictTooShort;
  case PhoneNumberUtil::INVALID_LENGTH:
    return PingatePhoneVerdictWrongLength;
  case PhoneNumberUtil::TOO_LONG:
    return PingatePhoneVerdictTooLong;
  }
  return PingatePhoneVerdictFailed;
}

PingatePhoneKind kind(PhoneNumberUtil::PhoneNumberType type) {
  switch (type) {
  case PhoneNumberUtil::FIXED_LINE:
    return PingatePhoneKindFixedLine;
  case PhoneNumberUtil::MOBILE:
    return PingatePhoneKindMobile;
  case PhoneNumberUtil::FIXED_LINE_OR_MOBILE:
    return PingatePhoneKindFixedLineOrMobile;
  case PhoneNumberUtil::TOLL_FREE:
    return PingatePhoneKindTollFree;
  case PhoneNumberUtil::PREMIUM_RATE:
    return PingatePhoneKindPremiumRate;
  case PhoneNumberUtil::SHARED_COST:
    return PingatePhoneKindSharedCost;
  case PhoneNumberUtil::VOIP:
    return PingatePhoneKindVoip;
  case PhoneNumberUtil::PERSONAL_NUMBER:
    return PingatePhoneKindPersonalNumber;
  case PhoneNumberUtil::PAGER:
    return PingatePhoneKindPager;
  case PhoneNumberUtil::UAN:
    return PingatePhoneKindUan;
  case PhoneNumberUtil::VOICEMAIL:
    return PingatePhoneKindVoicemail;
  case PhoneNumberUtil::UNKNOWN:
    return PingatePhoneKindUnknown;
  }
  return PingatePhoneKindUnknown;
}

// The E.164 form ("+12025550143") as a number; 0 if it has more than 15 digits.
uint64_t packed(const std::string &e164) {
  if (e164.size() < 2 || e164.size() > 16)
    return 0;
  uint64_t value = 0;
  for (char digit : e164.substr(1)) {
    if (digit < '0' || digit > '9')
      return 0;
    value = value * 10 + static_cast<uint64_t>(digit - '0');
  }
  return value;
}

PingatePhoneReading refused(PingatePhoneVerdict verdict) {
  return {verdict, PingatePhoneKindUnknown, 0, {'0', '0'}};
}

// Nothing if the whole plan has to be asked.
std::optional<PingatePhoneReading> read(
    const NumberingPlan &plan, const std::string &text, const std::string &region) {
  if (!plan.covers(text, region))
    return std::nullopt;
  const PhoneNumberUtil &library = plan.library();
  PhoneNumber number;
  PingatePhoneVerdict parsed = verdict(library.Parse(text, region, &number));
  if (parsed != PingatePhoneVerdictValid)
    return plan.isWhole() ? std::optional(refused(parsed)) : std::nullopt;
  PingatePhoneVerdict possible = verdict(library.IsPossibleNumberWithReason(number));
  if (possible != PingatePhoneVerdictValid)
    return refused(possible);
  // A number is valid (IsValidNumber) if it has a type in its own region; asking only for the type halves the number of
  // patterns tried.
  PhoneNumberUtil::PhoneNumberType type = library.GetNumberType(number);
  if (type == PhoneNumberUtil::UNKNOWN)
    return refused(PingatePhoneVerdictInvalid);
  std::string e164, home;
  library.Format(number, PhoneNumberUtil::E164, &e164);
  library.GetRegionCodeForNumber(number, &home);
  PingatePhoneReading reading = {PingatePhoneVerdictValid, kind(type), packed(e164), {'0', '0'}};
  if (home.size() == 2)
    std::memcpy(reading.region, home.data(), 2);
  return reading;
}

// Splits an E.164 number as Parse would, which tries many patterns for everything that people type. No calling code is
// a prefix of another.
bool split(const PhoneNumberUtil &library, const std::string &digits, PhoneNumber *number) {
  for (size_t length = 1; length <= 3 && length < digits.size(); length++) {
    int code = std::stoi(digits.substr(0, length));
    std::string region;
    library.GetRegionCodeForCountryCode(code, &region);
    if (region == kNoRegion)
      continue;
    const std::string national = digits.substr(length);
    number->set_country_code(code);
    number->set_national_number(std::stoull(national));
    // Leading zeros are part of some numbers, for example in Italy. The last digit does not count as one.
    size_t zeros = std::min(national.find_first_not_of('0'), national.size() - 1);
    if (zeros > 0)
      number->set_italian_leading_zero(true);
    if (zeros > 1)
      number->set_number_of_leading_zeros(static_cast<int32_t>(zeros));
    return true;
  }
  return false;
}

// Takes an E.164 number apart; returns the library with a plan that covers it, or null if it has no calling code.
const PhoneNumberUtil *libraryOf(uint64_t e164, PhoneNumber *number) {
  const std::string digits = std::to_string(e164);
  const NumberingPlan *plan = &NumberingPlan::toAsk(digits, kNoRegion);
  bool isSplit = split(plan->library(), digits, number);
  if (!isSplit && !plan->isWhole()) {
    plan = &NumberingPlan::whole();
    isSplit = split(plan->library(), digits, number);
  }
  return isSplit ? &plan->library() : nullptr;
}

size_t copy(const std::string &text, char *buffer, size_t capacity) {
  if (text.size() >= capacity)
    return 0;
  std::memcpy(buffer, text.c_str(), text.size() + 1);
  return text.size();
}

} // namespace

void pingate_phone_prepare(void) {
  try {
    NumberingPlan::whole();
  } catch (...) {
    // The functions that need it fail in the same way, and report that.
  }
}

void pingate_phone_use_excerpts(void) { NumberingPlan::useExcerpts(); }

size_t pingate_phone_count_of_loaded_regions(void) {
  try {
    std::set<std::string> regions;
    if (const NumberingPlan *const plan = NumberingPlan::inUse())
      plan->library().GetSupportedRegions(&regions);
    return regions.size();
  } catch (...) {
    return 0;
  }
}

PingatePhoneReading pingate_phone_read(const char *text, const char *region) {
  try {
    if (const auto reading = read(NumberingPlan::toAsk(text, region), text, region))
      return *reading;
    return read(NumberingPlan::whole(), text, region).value();
  } catch (...) {
    return refused(PingatePhoneVerdictFailed);
  }
}

bool pingate_phone_is_valid_in(uint64_t e164, const char *region) {
  try {
    PhoneNumber number;
    const PhoneNumberUtil *const library = libraryOf(e164, &number);
    return library && library->IsValidNumberForRegion(number, region);
  } catch (...) {
    return false;
  }
}

size_t pingate_phone_format(uint64_t e164, char *buffer, size_t capacity) {
  try {
    PhoneNumber number;
    const PhoneNumberUtil *const library = libraryOf(e164, &number);
    if (!library)
      return 0;
    std::string text;
    library->Format(number, PhoneNumberUtil::INTERNATIONAL, &text);
    return copy(text, buffer, capacity);
  } catch (...) {
    return 0;
  }
}

int pingate_phone_calling_code(const char *region) {
  try {
    const NumberingPlan &plan = NumberingPlan::toAsk("", region);
    return (plan.covers(region) ? plan : NumberingPlan::whole()).library().GetCountryCodeForRegion(region);
  } catch (...) {
    return 0;
  }
}

size_t pingate_phone_regions(char *buffer, size_t capacity) {
  try {
    std::set<std::string> regions;
    NumberingPlan::whole().library().GetSupportedRegions(&regions);
    std::string all;
    for (const std::string &region : regions)
      all += region;
    return copy(all, buffer, capacity);
  } catch (...) {
    return 0;
  }
}
