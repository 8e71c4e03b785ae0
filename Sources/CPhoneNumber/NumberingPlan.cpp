#include "NumberingPlan.h"

#include "Metadata.h"

#include <algorithm>
#include <atomic>
#include <new>
#include <set>
#include <vector>

#include <phonenumbers/logger.h>

using i18n::phonenumbers::Logger;
using i18n::phonenumbers::NullLogger;
using i18n::phonenumbers::PhoneNumberUtil;
using pingate::Region;

// The constructor of PhoneNumberUtil, by its name in the object file (Itanium C++ ABI, 5.1): it is private, because the library
// makes one object and no other. What it makes depends on no other object. But it makes a logger too, which writes nothing:
// the library uses that one from then on, for all of its objects, and the object owns it.
void construct(void *object) __asm__("_ZN4i18n12phonenumbers15PhoneNumberUtilC1Ev");

namespace {

bool beginWith(int callingCode, std::string_view digits) {
  const std::string code = std::to_string(callingCode);
  return digits.substr(0, code.size()) == code;
}

// The calling codes that the digits are most likely of: that of the region where they are dialed, and the one that they
// begin with, behind a '+' or zeros.
std::set<int> likelyCallingCodes(
    const std::vector<Region> &regions, std::string_view digits, std::string_view region) {
  digits.remove_prefix(std::min(digits.find_first_not_of("+0"), digits.size()));
  std::set<int> likely;
  for (const Region &known : regions) {
    if (known.id == region || beginWith(known.callingCode, digits))
      likely.insert(known.callingCode);
  }
  return likely;
}

std::string metadata(const std::vector<Region> &regions, const std::set<int> &callingCodes) {
  std::string metadata;
  for (const Region &region : regions) {
    if (callingCodes.count(region.callingCode) > 0)
      metadata += region.entry;
  }
  return metadata;
}

std::atomic<bool> usesExcerpts = false;
const pingate::NumberingPlan *excerpt = nullptr;

} // namespace

namespace pingate {

// The whole plan lives as long as the process: nothing takes it apart while others read numbers. An excerpt lives until
// excerpts are used anew.

const NumberingPlan &NumberingPlan::whole() {
  static const NumberingPlan &plan = *new NumberingPlan();
  if (usesExcerpts)
    usesExcerpts = false;
  return plan;
}

const NumberingPlan &NumberingPlan::toAsk(const std::string &digits, const std::string &region) {
  if (!usesExcerpts)
    return whole();
  if (!excerpt) {
    const std::vector<Region> regions = regionsOfPlan();
    excerpt = new NumberingPlan(metadata(regions, likelyCallingCodes(regions, digits, region)));
  }
  return *excerpt;
}

void NumberingPlan::useExcerpts() {
  if (excerpt) {
    delete excerpt;
    excerpt = nullptr;
    // The library may have used the excerpt's logger, which is gone.
    static NullLogger &silent = *new NullLogger();
    Logger::set_logger_impl(&silent);
  }
  usesExcerpts = true;
}

const NumberingPlan *NumberingPlan::inUse() { return usesExcerpts ? excerpt : &whole(); }

bool NumberingPlan::covers(const std::string &region) const {
  return isWhole() || object->GetCountryCodeForRegion(region) != 0;
}

bool NumberingPlan::covers(const std::string &digits, const std::string &region) const {
  return isWhole() || digits.compare(0, 1, "+") != 0 || region == "ZZ";
}

NumberingPlan::NumberingPlan() : object(PhoneNumberUtil::GetInstance()) {}

NumberingPlan::NumberingPlan(const std::string &metadata) {
  const MetadataInPlace inPlace(metadata);
  void *const memory = ::operator new(sizeof(PhoneNumberUtil));
  try {
    construct(memory);
  } catch (...) {
    ::operator delete(memory);
    throw;
  }
  PhoneNumberUtil *const made = static_cast<PhoneNumberUtil *>(memory);
  object = made;
  own.reset(made);
}

} // namespace pingate
